"""What msgspec says of data that does not fit its type, taken apart."""


def split_message(message: str) -> tuple[str, str]:
    """What is wrong, and the path of the value that is, such as `workflows[...].model`."""
    what, found, path = message.rpartition(" - at `")
    if not found:
        return message, ""
    path = path.removesuffix("`").removeprefix("key in ")
    return what, path.removeprefix("$").removeprefix(".")
