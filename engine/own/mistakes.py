"""What goes wrong in a person's Python file, as one sentence with the line of it."""

import ast
import traceback
from types import TracebackType
from typing import Any, Final

from engine.errors import InputError
from engine.own.contents import Content, where
from engine.sentences import one_line, shown

_LONGEST: Final = 160
_NAMES: Final = ("training_loss", "validation_loss", "test_loss", "start")


class OwnFileError(InputError):
    """Something in a person's file that keeps it from being run.

    Attributes:
        details: the traceback, of its own lines alone, for whoever asks; or "".
    """

    details = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the details."""
        return _again, (self.field, self.sentence, self.details)


def _again(field: str, sentence: str, details: str) -> OwnFileError:
    error = OwnFileError(field, sentence)
    error.details = details
    return error


def mistake(content: Content, line: int | None, sentence: str, details: str = "") -> OwnFileError:
    """A mistake at a line of a file, or in it."""
    error = OwnFileError(where(line, content.name), sentence)
    error.details = details
    return error


class Lines:
    """Where in a file its names are bound, and its functions return.

    Args:
        text: of the file; it is parsed, and nothing of it is run.
    """

    def __init__(self, text: str) -> None:
        self._bound: dict[str, int] = {}
        self._returns: dict[str, int] = {}
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                self._bound[statement.name] = statement.lineno
                returns = [one.lineno for one in ast.walk(statement) if isinstance(one, ast.Return)]
                self._returns[statement.name] = max(returns, default=statement.lineno)
                continue
            for one in ast.walk(statement):
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                    self._bound[one.id] = statement.lineno
                elif isinstance(one, ast.alias):
                    self._bound[(one.asname or one.name).partition(".")[0]] = statement.lineno

    def of(self, name: str) -> int | None:
        """Where a name is bound last."""
        return self._bound.get(name)

    def of_result(self, name: str) -> int | None:
        """Where a function returns last."""
        return self._returns.get(name, self.of(name))


def line_in(content: Content, trace: TracebackType | None) -> int | None:
    """The innermost line of a file that an exception went through."""
    lines = [
        number
        for frame, number in traceback.walk_tb(trace)
        if frame.f_code.co_filename == content.path
    ]
    return lines[-1] if lines else None


def as_mistake(content: Content, error: BaseException) -> OwnFileError:
    """An exception as a sentence with its line."""
    if isinstance(error, OwnFileError):
        return error
    if isinstance(error, InputError) and error.field not in _NAMES:
        return _again(error.field, error.sentence, "")
    lines = Lines(content.code)
    if isinstance(error, InputError):
        cause = error.__cause__
        line = line_in(content, cause.__traceback__) if cause is not None else None
        if line is None:
            line = lines.of_result(error.field)
        return mistake(content, line, f"{error.field}: {error.sentence}", _told(content, error))
    if isinstance(error, SyntaxError) and error.filename == content.path:
        return mistake(content, error.lineno, f"expected Python: {one_line(str(error.msg))}.")
    line = line_in(content, error.__traceback__)
    return mistake(content, line, _sentence(error), _told(content, error))


def _sentence(error: BaseException) -> str:
    text = one_line(str(error), _LONGEST).rstrip(".")
    if isinstance(error, SystemExit):
        return "expected the file to go on, found that it ends the program with sys.exit."
    if isinstance(error, KeyboardInterrupt):
        return "expected the file to go on, found a KeyboardInterrupt."
    if isinstance(error, MemoryError):
        return "expected arrays that fit into memory, found a MemoryError."
    if isinstance(error, RecursionError):
        return "expected functions that end, found that they call each other without an end."
    name = type(error).__name__
    if "ArrayBox" in text or "SequenceBox" in text:
        hint = "write it with autograd.numpy, and not with numpy, math or float()"
        return f"expected a loss that autograd can differentiate: {hint} ({name}: {text})."
    return f"found {name}: {text}." if text else f"found {name}."


def _told(content: Content, error: BaseException) -> str:
    """The lines of the file that an exception went through, and what it was."""
    source = content.text.splitlines()
    told = []
    chain: BaseException | None = error.__cause__ or error
    assert chain is not None, "there is an exception"
    for frame, number in traceback.walk_tb(chain.__traceback__):
        code = frame.f_code
        if code.co_filename == content.path:
            line = source[number - 1].strip() if number <= len(source) else ""
            told.append(f"  line {number}, in {code.co_name}: {line}")
    return "\n".join([content.path, *told, f"{type(chain).__name__}: {shown(str(chain), 300)}"])
