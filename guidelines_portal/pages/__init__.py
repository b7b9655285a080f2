"""Pages that say what the portal is: texts in six languages, the groups, and what robots read."""
