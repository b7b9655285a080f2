"""Headers of the portal's own; read by static/js/worker.js."""

# The page may be kept on the device, for reading without a line.
KEEP_FOR_OFFLINE = "X-Keep-For-Offline"
# An opaque mark of whose page it is; empty for nobody's.
READER = "X-Reader"
