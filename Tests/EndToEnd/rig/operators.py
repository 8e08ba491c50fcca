"""One script of intents, carried out by someone at the window and by someone who reads and answers lines."""

import re

from . import patience
from .plain import CHOICE, Plain
from .unlock import scan


class AtWindow:
    """Keys and what stands on the screen."""

    KEYS = {"esc": "Escape", "enter": "Enter"}

    def __init__(self, screen, directory):
        self.screen, self.image = screen, directory / "screen.png"

    def see(self, pattern):
        return self.screen.wait_for(pattern)

    def go(self, key):
        """Once the key can be used: one that cannot, as while a key is read, stands in parentheses. Function keys all have
        their hint, so that theirs is waited for: what stands there may still be the screen before."""
        label = {"enter": "Enter", "esc": "Esc"}.get(key, key)
        if re.fullmatch(r"F\d+", label):
            self.screen.wait_for(rf"(?<!\w){label} [^(\s]")
        else:
            self.screen.wait_gone(rf"(?<!\w){re.escape(label)} \(")
        self.screen.keys(self.KEYS.get(key, key))

    def secret(self, label, text):
        self.screen.wait_for(rf"{label} +\[ +\]")
        self.screen.enter(text)

    def fill(self, label, text):
        """Goes from field to field as far as this one, once the form is there: what stood before it has a mark, too."""
        self.screen.wait_for(rf"[│▸] *{re.escape(label)}  ")
        for _ in range(12):
            marked = self.screen.wait_for(r"▸ *(\S+)")[1]
            if marked.startswith(label):
                break
            self.screen.keys("Tab")
            self.screen.wait_gone(rf"▸ *{re.escape(marked)}")
        self._replace(text)

    def put(self, label, text):
        """In a dialog that has this field in hand."""
        self.screen.wait_for(label)
        self._replace(text)

    def _replace(self, text):
        self.screen.keys("C-u")
        self.screen.type(text)
        self.screen.wait_for(re.escape(text))

    def give(self, label, text):
        self.put(label, text)
        self.screen.keys("Enter")

    def challenge(self):
        return scan(self.screen, self.image)

    def leave(self):
        """What comes next looks at what is behind it."""
        before = self.screen.text()
        self.screen.keys("Escape")
        patience.until(lambda: self.screen.text() != before, 10, before)

    def end(self):
        self.screen.keys("q")
        return self.screen.exit_status()


class WithLines:
    """Answers and what was told since the one before."""

    def __init__(self, plain: Plain):
        self.plain = plain

    def see(self, pattern):
        return self.plain.wait_for(pattern)

    def go(self, key):
        self.plain.answer(key)

    def secret(self, label, text):
        self.plain.wait_for(rf"{label}（输入时不显示）：$")
        self.plain.secret(text)

    def fill(self, label, text):
        # The form was listed when it came; its numbers stay.
        self.plain.wait_for(CHOICE)
        self.plain.answer(self.plain.number(f"  {label}：") + " " + text)
        self.plain.wait_for(re.escape(text))

    put = fill

    def give(self, label, text):
        self.plain.wait_for(rf"(?:{label}).*[：:] ?$")
        self.plain.answer(text)

    def challenge(self):
        return self.plain.wait_for(r"UKCHL2/\S+")[0]

    def leave(self):
        self.plain.answer("q")

    def end(self):
        self.plain.answer("q")
        return self.plain.exit_status()


def carry_out(operator, script, **outside):
    """The outcomes: what was seen at each `see`, blanks aside. `outside` are functions that a script calls by name."""
    seen = []
    for verb, *arguments in script:
        try:
            if verb in outside:
                outside[verb](operator)
            elif verb == "see":
                seen.append("".join(operator.see(*arguments)[0].split()))
            else:
                getattr(operator, verb)(*arguments)
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(f"at {verb} {arguments}, after {seen}: {error}") from error
    return seen
