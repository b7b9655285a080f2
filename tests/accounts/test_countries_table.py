"""The reference table of the 193 Member States and the regions they stand in."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "accounts" / "reference"
TERMS = ROOT.parent / "shared" / "terms.csv"
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh_hans")
NAMES = tuple(f"name_{language}" for language in LANGUAGES)

# Short names by United Nations usage, in the order of LANGUAGES.
DELICATE = {
    "BOL": (
        "بوليفيا (دولة - المتعددة القوميات)",
        "Bolivia (Plurinational State of)",
        "Bolivia (Estado Plurinacional de)",
        "Bolivie (État plurinational de)",
        "Боливия (Многонациональное Государство)",
        "多民族玻利维亚国",
    ),
    "CIV": (
        "كوت ديفوار",
        "Côte d'Ivoire",
        "Côte d'Ivoire",
        "Côte d'Ivoire",
        "Кот-д'Ивуар",
        "科特迪瓦",
    ),
    "COD": (
        "جمهورية الكونغو الديمقراطية",
        "Democratic Republic of the Congo",
        "República Democrática del Congo",
        "République démocratique du Congo",
        "Демократическая Республика Конго",
        "刚果民主共和国",
    ),
    "COG": ("الكونغو", "Congo", "Congo", "Congo", "Конго", "刚果"),
    "GBR": (
        "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية",
        "United Kingdom of Great Britain and Northern Ireland",
        "Reino Unido de Gran Bretaña e Irlanda del Norte",
        "Royaume-Uni de Grande-Bretagne et d'Irlande du Nord",
        "Соединенное Королевство Великобритании и Северной Ирландии",
        "大不列颠及北爱尔兰联合王国",
    ),
    "IRN": (
        "إيران (جمهورية - الإسلامية)",
        "Iran (Islamic Republic of)",
        "Irán (República Islámica del)",
        "Iran (République islamique d')",
        "Иран (Исламская Республика)",
        "伊朗伊斯兰共和国",
    ),
    "KOR": (
        "جمهورية كوريا",
        "Republic of Korea",
        "República de Corea",
        "République de Corée",
        "Республика Корея",
        "大韩民国",
    ),
    "LAO": (
        "جمهورية لاو الديمقراطية الشعبية",
        "Lao People's Democratic Republic",
        "República Democrática Popular Lao",
        "République démocratique populaire lao",
        "Лаосская Народно-Демократическая Республика",
        "老挝人民民主共和国",
    ),
    "MDA": (
        "جمهورية مولدوفا",
        "Republic of Moldova",
        "República de Moldova",
        "République de Moldova",
        "Республика Молдова",
        "摩尔多瓦共和国",
    ),
    "MKD": (
        "مقدونيا الشمالية",
        "North Macedonia",
        "Macedonia del Norte",
        "Macédoine du Nord",
        "Северная Македония",
        "北马其顿",
    ),
    "NLD": (
        "هولندا (مملكة -)",
        "Netherlands (Kingdom of the)",
        "Países Bajos (Reino de los)",
        "Pays-Bas (Royaume des)",
        "Нидерланды (Королевство)",
        "荷兰王国",
    ),
    "NRU": ("ناويرو", "Naoero", "Naoero", "Naoero", "Наоэро", "瑙鲁"),
    "PRK": (
        "جمهورية كوريا الشعبية الديمقراطية",
        "Democratic People's Republic of Korea",
        "República Popular Democrática de Corea",
        "République populaire démocratique de Corée",
        "Корейская Народно-Демократическая Республика",
        "朝鲜民主主义人民共和国",
    ),
    "RUS": (
        "الاتحاد الروسي",
        "Russian Federation",
        "Federación de Rusia",
        "Fédération de Russie",
        "Российская Федерация",
        "俄罗斯联邦",
    ),
    "SYR": (
        "الجمهورية العربية السورية",
        "Syrian Arab Republic",
        "República Árabe Siria",
        "République arabe syrienne",
        "Сирийская Арабская Республика",
        "阿拉伯叙利亚共和国",
    ),
    "TUR": ("تركيا", "Türkiye", "Türkiye", "Türkiye", "Турция", "土耳其"),
    "TZA": (
        "جمهورية تنزانيا المتحدة",
        "United Republic of Tanzania",
        "República Unida de Tanzanía",
        "République-Unie de Tanzanie",
        "Объединенная Республика Танзания",
        "坦桑尼亚联合共和国",
    ),
    "USA": (
        "الولايات المتحدة الأمريكية",
        "United States of America",
        "Estados Unidos de América",
        "États-Unis d'Amérique",
        "Соединенные Штаты Америки",
        "美利坚合众国",
    ),
    "VEN": (
        "فنزويلا (جمهورية - البوليفارية)",
        "Venezuela (Bolivarian Republic of)",
        "Venezuela (República Bolivariana de)",
        "Venezuela (République bolivarienne du)",
        "Венесуэла (Боливарианская Республика)",
        "委内瑞拉玻利瓦尔共和国",
    ),
    "VNM": ("فييت نام", "Viet Nam", "Viet Nam", "Viet Nam", "Вьетнам", "越南"),
}

# Forms that are common elsewhere and that the United Nations doesn't use.
NOT_UNITED_NATIONS_USAGE = {
    "name_ar": {"كوريا الشمالية", "كوريا الجنوبية", "روسيا", "سوريا", "لاوس", "ساحل العاج", "بوليفيا"},
    "name_en": {
        "Bolivia", "Brunei", "Burma", "Cape Verde", "Iran", "Ivory Coast", "Laos", "Moldova", "Nauru",
        "Netherlands", "North Korea", "Russia", "South Korea", "Swaziland", "Syria", "Tanzania", "Turkey",
        "United Kingdom", "United States", "Venezuela", "Vietnam",
    },
    "name_es": {"Bielorrusia", "Botsuana", "Corea del Norte", "Irak", "Kenia", "Rusia", "Turquía", "Yibuti"},
    "name_fr": {"Biélorussie", "Cap-Vert", "Corée du Nord", "Irak", "Laos", "Moldavie", "Nigeria", "Turquie"},
    "name_ru": {"Великобритания", "Киргизия", "КНДР", "Лаос", "ОАЭ", "Россия", "Сирия", "Белоруссия"},
    "name_zh_hans": {"俄罗斯", "韩国", "朝鲜", "老挝", "叙利亚", "英国", "美国", "伊朗"},
}  # fmt: skip

SCRIPTS = {"name_ar": "ARABIC", "name_ru": "CYRILLIC", "name_zh_hans": "CJK"}


def read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def countries() -> dict[str, dict[str, str]]:
    return {row["iso3"]: row for row in read("countries.csv")}


def test_every_member_state_is_there_once():
    rows = read("countries.csv")
    assert len(rows) == 193
    assert len({row["iso3"] for row in rows}) == 193
    assert len({row["iso2"] for row in rows}) == 193
    for row in rows:
        assert len(row["iso3"]) == 3 and row["iso3"].isascii() and row["iso3"].isupper(), row
        assert len(row["iso2"]) == 2 and row["iso2"].isascii() and row["iso2"].isupper(), row


def test_observers_and_territories_are_not_member_states(countries):
    assert not {"VAT", "PSE", "TWN", "XKX", "ESH", "HKG", "COK", "NIU", "PRI"} & countries.keys()


def test_groups_have_their_sizes(countries):
    assert Counter(row["un_group"] for row in countries.values()) == {
        "africa": 54,
        "asia_pacific": 54,
        "eastern_europe": 23,
        "latin_america_caribbean": 33,
        "western_europe_other": 29,
    }


@pytest.mark.parametrize(
    ("iso3", "group"),
    [
        ("TUR", "western_europe_other"),
        ("ISR", "western_europe_other"),
        ("USA", "western_europe_other"),
        ("AUS", "western_europe_other"),
        ("KIR", "asia_pacific"),
        ("CYP", "asia_pacific"),
        ("KAZ", "asia_pacific"),
        ("GEO", "eastern_europe"),
        ("EST", "eastern_europe"),
        ("EGY", "africa"),
        ("GUY", "latin_america_caribbean"),
    ],
)
def test_states_often_misplaced_stand_in_their_group(countries, iso3, group):
    assert countries[iso3]["un_group"] == group


def test_arab_states_are_those_of_the_regional_office(countries):
    arab = {iso3 for iso3, row in countries.items() if row["habitat_region"] == "arab_states"}
    expected = "DZA BHR EGY IRQ JOR KWT LBN LBY MAR OMN QAT SAU SDN SYR TUN ARE YEM"
    assert arab == set(expected.split())
    for iso3 in ("COM", "DJI", "MRT", "SOM", "SSD"):
        assert countries[iso3]["habitat_region"] == "africa"


def test_the_two_schemes_place_states_differently(countries):
    placed = {iso3: (row["un_group"], row["habitat_region"]) for iso3, row in countries.items()}
    assert placed["EGY"] == ("africa", "arab_states")
    assert placed["SAU"] == ("asia_pacific", "arab_states")
    assert placed["AUS"] == ("western_europe_other", "asia_pacific")
    assert placed["UKR"] == ("eastern_europe", "europe_north_america")


@pytest.mark.parametrize("table", ["countries.csv", "regions.csv"])
def test_names_are_whole_and_clean(table):
    for row in read(table):
        assert None not in row, f"too many columns: {row}"
        for column in NAMES:
            name = row[column]
            assert name and name == " ".join(name.split()), (row, column)
            assert name == unicodedata.normalize("NFC", name), (row, column)
            assert not set(name) & set("’ʼ&_*"), (row, column)
            assert name.count("(") == name.count(")"), (row, column)


@pytest.mark.parametrize("column", NAMES)
def test_no_two_states_share_a_name(countries, column):
    repeated = [name for name, n in Counter(row[column] for row in countries.values()).items() if n > 1]
    assert not repeated


@pytest.mark.parametrize("table", ["countries.csv", "regions.csv"])
def test_names_are_in_the_script_of_their_language(table):
    for row in read(table):
        for column in NAMES:
            letters = [unicodedata.name(char) for char in row[column] if char.isalpha()]
            script = SCRIPTS.get(column, "LATIN")
            assert letters and all(letter.startswith(script) for letter in letters), (row, column)


@pytest.mark.parametrize("iso3", DELICATE)
def test_delicate_names_follow_united_nations_usage(countries, iso3):
    assert tuple(countries[iso3][column] for column in NAMES) == DELICATE[iso3]


@pytest.mark.parametrize("column", NAMES)
def test_no_everyday_short_forms(countries, column):
    assert not {row[column] for row in countries.values()} & NOT_UNITED_NATIONS_USAGE[column]


def test_every_region_named_is_described_and_used(countries):
    regions = {(row["scheme"], row["code"]) for row in read("regions.csv")}
    used = {(scheme, row[scheme]) for row in countries.values() for scheme in ("un_group", "habitat_region")}
    assert regions == used
    assert len(read("regions.csv")) == len(regions)


def test_group_names_are_those_of_the_terminology():
    """A label begins with a capital letter where the term doesn't; the words are the same."""
    if not TERMS.exists():
        pytest.skip("the shared terminology is not beside the repository")
    with TERMS.open(encoding="utf-8", newline="") as lines:
        terms = {row["en"]: row for row in csv.DictReader(lines)}
    groups = [row for row in read("regions.csv") if row["scheme"] == "un_group"]
    assert len(groups) == 5
    for row in groups:
        term = terms[row["name_en"]]
        for language in ("ar", "es", "fr", "ru", "zh"):
            column = "name_zh_hans" if language == "zh" else f"name_{language}"
            assert row[column].casefold() == term[language].casefold(), (row["code"], language)


def test_sources_and_date_are_named():
    notes = [
        line
        for line in (REFERENCE / "countries.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    text = "\n".join(notes)
    for word in ("list of Member States", "DGACM", "UN-Habitat", "UNTERM", "CLDR", "ISO 3166", "Checked 20"):
        assert word in text
