"""Runs commands in turn and says what they took. Nothing is asserted about time."""

import dataclasses
import os
import pathlib
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable

TIME_LIMIT_SECONDS = 3600
SLOW_RUNS = 2
LAP = str(pathlib.Path(__file__).resolve().parent / 'lap.py')


@dataclasses.dataclass
class Command:
    """One way to do a job. `facts` reads the answer from what it wrote: what must agree."""
    who: str
    arguments: list
    facts: Callable
    outputs: list = dataclasses.field(default_factory=list)  # gone before each run, and at the end
    note: str = ''
    is_slow: bool = False
    label: str = ''  # shown in place of a command that is too long to read
    before: Callable = None  # makes what the command changes; is not timed

    @staticmethod
    def shell(who, text, facts, outputs=(), note=''):
        return Command(who, ['sh', '-c', text], facts, list(outputs), note)

    def shown(self, folders):
        if self.label:
            return self.label
        is_shell = self.arguments[:2] == ['sh', '-c']
        text = self.arguments[2] if is_shell else shlex.join(map(str, self.arguments))
        for folder, short in folders:
            text = text.replace(f'{folder}/', short)
        return text


@dataclasses.dataclass
class Run:
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    status: int


@dataclasses.dataclass
class Outcome:
    """`trouble` says why there are no runs."""
    command: Command
    facts: dict = dataclasses.field(default_factory=dict)
    runs: list = dataclasses.field(default_factory=list)
    trouble: str = ''


class Stopwatch:
    """Starts commands with one environment and one scratch folder."""

    def __init__(self, work, environment, slow_seconds=float('inf')):
        """A command that takes longer than `slow_seconds` is timed twice, whatever is asked."""
        self.slow_seconds = slow_seconds
        self.work = work
        self.environment = environment
        # What every run shows at the least: the memory of the lap.
        self.peak_floor_bytes = self.run(['true']).peak_bytes

    def run(self, arguments, output=os.devnull, errors=os.devnull):
        arguments = list(map(str, arguments))
        program = shutil.which(arguments[0], path=self.environment['PATH'])
        if program is None:
            raise FileNotFoundError(arguments[0])
        lap = subprocess.Popen(
            [sys.executable, '-I', '-S', LAP, str(output), str(errors), program, *arguments[1:]],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            start_new_session=True)
        try:
            said, _ = lap.communicate(timeout=TIME_LIMIT_SECONDS)
        except BaseException:
            os.killpg(lap.pid, signal.SIGKILL)  # the lap and what it started, nothing else
            lap.wait()
            raise
        wall, cpu, peak, status = said.split()
        return Run(float(wall), float(cpu), int(peak), int(status))

    def prepare(self, arguments):
        """A step that is not timed, and must succeed: 1 is findings, which were asked for."""
        errors = self.work / 'errors'
        run = self.run(arguments, errors=errors)
        if run.status not in (0, 1):
            raise RuntimeError(f'{pathlib.Path(arguments[0]).name} ended with {run.status}: '
                               f'{last_line(errors)}')

    def answer(self, command):
        """One run that is not timed, for the answer; it warms the page cache too."""
        output = self.work / 'answer'
        errors = self.work / 'errors'
        make_ready(command)
        run = self.run(command.arguments, output, errors)
        command.is_slow = run.wall_seconds > self.slow_seconds
        if run.status not in (0, 1):
            return Outcome(command, trouble=f'ended with {run.status}: {last_line(errors)}')
        try:
            return Outcome(command, command.facts(output))
        except (OSError, ValueError, LookupError) as error:
            return Outcome(command, trouble=f'no answer to compare: {type(error).__name__}')

    def compare(self, commands, expected, runs):
        """Answers first; then those that agree with the first command run in turn, A B A B."""
        outcomes = [self.answer(command) for command in commands]
        wanted = expected or outcomes[0].facts
        for outcome in outcomes:
            if outcomes[0].trouble and outcome is not outcomes[0]:
                outcome.trouble = 'not timed: ours has no answer'
            elif not outcome.trouble:
                outcome.trouble = disagreement(wanted, outcome.facts)
        timed = [] if outcomes[0].trouble else [o for o in outcomes if not o.trouble]
        for turn in range(runs):
            for outcome in timed:
                if outcome.command.is_slow and turn >= SLOW_RUNS:
                    continue
                make_ready(outcome.command)
                run = self.run(outcome.command.arguments)
                if run.status not in (0, 1):
                    outcome.trouble = f'ended with {run.status} on a later run'
                outcome.runs.append(run)
        for command in commands:
            remove(command.outputs)
        return outcomes


def disagreement(wanted, found):
    shared = wanted.keys() & found.keys()
    if not shared:
        return 'no answer to compare'
    apart = sorted(key for key in shared if wanted[key] != found[key])
    return ', '.join(f'answers differ: {key} is {found[key]}, wanted {wanted[key]}'
                     for key in apart)


def make_ready(command):
    remove(command.outputs)
    if command.before:
        command.before()


def remove(paths):
    for path in paths:
        path = pathlib.Path(path)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def last_line(path):
    lines = path.read_text(encoding='utf-8', errors='replace').strip().splitlines()
    return lines[-1] if lines else 'without a word'


def spread(values):
    return min(values), statistics.median(values), max(values)


def times_of(theirs, ours):
    """How many times ours they took, pair by pair: min, median, max."""
    return spread([their.wall_seconds / our.wall_seconds for their, our in zip(theirs, ours)])
