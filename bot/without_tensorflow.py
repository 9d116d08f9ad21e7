# SPDX-License-Identifier: Apache-2.0
"""Lets Rasa be imported without TensorFlow, by stand-in modules whose contents refuse to be used.

Rasa's default recipe imports every component it knows, so `import tensorflow` runs even when no component of the
pipeline uses it. Dropping it saves 2 GB of disk, 350 MB of memory and 6 s of start-up. A stand-in may be named,
subclassed and used in an annotation or as a decorator, which is all that happens at import; making an object of it
raises `TensorFlowIsAbsent`. That refusal matters: with permissive stand-ins Rasa's DIETClassifier "trains" and saves
an empty model without a word.

Call `install()` before the first import of `rasa`.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

_ROOTS = frozenset(
    {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "tf_keras", "jax", "jaxlib"}
)
#: called while Rasa's modules are being imported, with results that nothing uses unless a refused class is made
_CALLED_AT_IMPORT = frozenset({"constant", "TensorSpec", "cast"})


class TensorFlowIsAbsent(RuntimeError):
    """Something that needs TensorFlow was used; this environment is made without it on purpose."""


def _refuse(name: str) -> TensorFlowIsAbsent:
    return TensorFlowIsAbsent(
        f"{name} was used, but the bot's environment has no TensorFlow: "
        "take a component that does not need it (see bot/without_tensorflow.py)"
    )


class _StandInType(type):
    """Class of stand-in classes: any attribute is another stand-in, every construction is refused."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise _refuse(f"{cls.__module__}.{cls.__qualname__}")

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


def _decorator(*args: Any, **kwargs: Any) -> Any:
    """Stands in for `tf.function`, with or without arguments: gives the function back as it was."""
    if len(args) == 1 and not kwargs and callable(args[0]):
        return args[0]

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        return function

    return keep


def _stand_in(parent: str, name: str) -> Any:
    if name == "function":
        return _decorator
    made = _StandInType(name, (), {"__module__": parent})
    if name in _CALLED_AT_IMPORT:
        return lambda *args, **kwargs: made
    return made


class _StandInModule(ModuleType):
    """A module that has every name, each a stand-in; a name asked for twice is the same object."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = "0.0.0" if name == "VERSION" else _stand_in(self.__name__, name)
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in _ROOTS:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__version__"] = "0.0.0"


def install() -> None:
    """Serve the stand-ins from now on. Does nothing the second time.

    Raises RuntimeError when Rasa was imported already, because then it is too late.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    if "rasa" in sys.modules:
        raise RuntimeError("without_tensorflow.install() must run before rasa is imported")
    sys.meta_path.insert(0, _Finder())
