"""The what-if page: a policy's levers in a browser, and what each movement does to the same shoppers.

Serves strategists and finance people who do not read YAML. Needs the extra `app` (NiceGUI); only `server` imports it.
"""

from .access import SHORTEST_TOKEN, Access, Doors, is_loopback
from .uploads import MOST_UPLOADED, SizeLimit, UploadError, uploaded_document, uploaded_scenario

__all__ = [
    "MOST_UPLOADED",
    "SHORTEST_TOKEN",
    "Access",
    "Doors",
    "SizeLimit",
    "UploadError",
    "is_loopback",
    "uploaded_document",
    "uploaded_scenario",
]
