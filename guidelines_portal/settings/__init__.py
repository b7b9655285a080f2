"""Settings: `embedded` (the default), `production` and `testing`, all on top of `base`."""
