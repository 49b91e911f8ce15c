"""How schemathesis sends what is neither JSON nor a form."""

import schemathesis


@schemathesis.serializer("application/toml")
def toml(context, value):
    """A policy in TOML is a text; anything else that is made up for it is sent as the text it prints as."""
    return value if isinstance(value, bytes) else str(value).encode()
