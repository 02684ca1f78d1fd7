"""From codeDir, classFileName and className to the user's class, and from classArgs to an instance of it."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import os
import sys

from .failure import Failure, definition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .calls import Calls
    from .failure import UserCode

#: What a class must have to play a role.
_METHODS = {
    "tuner": ("update_search_space", "generate_parameters", "receive_trial_result"),
    "assessor": ("assess_trial",),
    "advisor": ("handle_initialize", "handle_request_trial_jobs", "handle_report_metric_data"),
}


def load_class(start: dict[str, Any], user: UserCode) -> Any:
    """The class, or a function that makes the object, of a file that is imported under its own name with codeDir first on the path."""
    import nni  # noqa: F401  before the user's folder goes first: one that is called nni there is not meant

    folder, file, name = start["codeDir"], start["classFileName"], start["className"]
    path = os.path.join(folder, file)
    if not os.path.isdir(folder):
        raise Failure(f"codeDir: expected a folder, there is none: {folder}", "import")
    if not os.path.isfile(path):
        raise Failure(
            f"classFileName: expected a file in codeDir, there is none: {path}{_did_you_mean(file, _files(folder))}",
            "import",
        )
    root, package = _package(folder, path)
    sys.path[:0] = [folder] if os.path.normpath(folder) == root else [folder, root]
    module = _import(path, package, user)
    found = getattr(module, name, None)
    if not callable(found):
        known = [
            key
            for key, value in vars(module).items()
            if isinstance(value, type) and value.__module__ == module.__name__
        ]
        listed = f"; it defines {', '.join(known)}" if known else ""
        raise Failure(f"className: there is no class {name} in {path}{listed}{_did_you_mean(name, known)}", "import")
    if isinstance(found, type):
        _check_role(found, start, found.__name__)
    return found


def construct(found: Any, start: dict[str, Any], calls: Calls) -> Any:
    arguments = start.get("classArgs") or {}
    signature = _signature(found)
    try:
        if signature is not None:
            signature.bind(**arguments)
    except TypeError as error:
        place = definition(found.__init__ if isinstance(found, type) else found) or start["classFileName"]
        raise Failure(
            f"classArgs do not fit {start['className']}{signature}: {error} ({place})", "__init__"
        ) from None
    made = calls.make("__init__", found, **arguments)
    _check_role(made, start, f"what {start['className']} made")
    return made


def _signature(found: Any) -> Any:
    """None of a class without a signature that Python knows: the call will tell."""
    try:
        return inspect.signature(found)
    except (TypeError, ValueError):
        return None


def _package(folder: str, path: str) -> tuple[str, str]:
    """
    For a file that lies in packages below codeDir, and may import its neighbours as ``.near``: the folder of the outermost
    package, and the package's name. Else the file's own folder and no name.
    """
    root, names = os.path.split(os.path.normpath(path))[0], []
    while root != os.path.normpath(folder) and os.path.isfile(os.path.join(root, "__init__.py")):
        root, name = os.path.split(root)
        names.insert(0, name)
    return (root, ".".join(names)) if all(map(str.isidentifier, names)) else (os.path.dirname(path), "")


def _import(path: str, package: str, user: UserCode) -> Any:
    stem = os.path.splitext(os.path.basename(path))[0]
    if package:
        try:
            importlib.import_module(package)
        except BaseException as error:
            raise user.failure(error, "import") from error
        stem = f"{package}.{stem}"
    spec = importlib.util.spec_from_file_location(stem, path)
    if spec is None or spec.loader is None:
        raise Failure(f"classFileName: expected a Python file, got {path}", "import")
    module = importlib.util.module_from_spec(spec)
    # A module of that name that is loaded already, such as random, stays what others import by that name.
    sys.modules.setdefault(stem, module)
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        raise user.failure(error, "import") from error
    return module


def _check_role(found: Any, start: dict[str, Any], name: str) -> None:
    role = start["role"]
    missing = [method for method in _METHODS[role] if not callable(getattr(found, method, None))]
    if "generate_parameters" in missing and callable(getattr(found, "generate_multiple_parameters", None)):
        missing.remove("generate_parameters")
    if not missing:
        return
    other = [name for name, methods in _METHODS.items() if all(hasattr(found, method) for method in methods)]
    advice = f"; it looks like one of section {other[0]!r}" if other else ""
    article = "an" if role[0] == "a" else "a"
    raise Failure(
        f"{name} is not {article} {role}: it has no {', '.join(missing)}{advice} "
        f"({os.path.join(start['codeDir'], start['classFileName'])})",
        "import",
    )


def _files(folder: str) -> list[str]:
    return [name for name in sorted(os.listdir(folder)) if name.endswith(".py")]


def _did_you_mean(wrong: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wrong, known, 1)
    return f"; did you mean {near[0]}?" if near else ""
