"""The report to the Board as a document, in the form of HSP/EB.2024/20: what it says, and how it is set."""
