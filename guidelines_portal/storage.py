"""Where the addresses of static files come from."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed names for files that have been collected, plain names for those that haven't.

    So the portal serves its pages right after `migrate`, and a file that came with an upgrade is found before
    anyone collects it.
    """

    # What a module imports is named after its contents as well: else a browser keeps yesterday's half.
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        if self.hash_key(self.clean_name(name)) not in self.hashed_files:
            return name
        return super().stored_name(name)
