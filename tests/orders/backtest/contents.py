"""What policies under trial say."""

from credit.content import clean_content, default_content


def only(check, **values):
    """A policy that makes one check alone."""
    content = default_content()
    for row in content["checks"]:
        row["severity"] = "block" if row["check"] in (check, "rate") else "off"
        if row["check"] == check:
            row |= values
    return clean_content(content)
