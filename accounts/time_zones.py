"""The time zones that people choose among."""

from zoneinfo import available_timezones

# The database of zones holds more than places: "Factory", "localtime", abbreviations, and old names of countries.
AREAS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)


def time_zones() -> frozenset[str]:
    """Names of the IANA zones of places ("Africa/Nairobi"), and "UTC"."""
    places = {name for name in available_timezones() if name.partition("/")[0] in AREAS and "/" in name}
    return frozenset({"UTC", *places})
