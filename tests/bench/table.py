"""The Markdown tables."""

from timing import spread, times_of

MEBIBYTE = 1 << 20


def seconds(value):
    return f'{value:.3f}' if value < 10 else f'{value:.1f}'


def three(values, form=seconds):
    return ' / '.join(form(value) for value in spread(values))


def mebibytes(runs, floor_bytes):
    peak = max(run.peak_bytes for run in runs)
    floor = f'< {floor_bytes / MEBIBYTE:.0f}'
    return floor if peak <= 1.02 * floor_bytes else f'{peak / MEBIBYTE:.0f}'


def cell(text):
    return text.replace('|', '\\|').replace('\n', ' ')


def row(cells):
    return '| ' + ' | '.join(cells) + ' |\n'


def head(*names):
    return row(names) + row(['---'] * len(names))


JOBS = head('job', 'command', 'wall s, min / median / max', 'CPU s', 'peak MiB', 'rows/s',
            'times ours, min / median / max')
STARTUP = head('command', 'wall ms, min / median / max', 'CPU ms', 'peak MiB')
GROWTH = head('job', 'rows', 'wall s, min / median / max', 'CPU ns a row', 'peak MiB')


def job_rows(job, outcomes, folders, floor_bytes):
    text = ''
    ours = outcomes[0].runs
    for outcome in outcomes:
        shown = f'`` {cell(outcome.command.shown(folders))} ``'
        if outcome.command.note:
            shown += f' ({cell(outcome.command.note)})'
        if outcome.trouble or not outcome.runs:
            text += row([job.name, shown, cell(outcome.trouble or 'not timed'), '', '', '', ''])
            continue
        runs = outcome.runs
        median = spread([run.wall_seconds for run in runs])[1]
        times = '1'
        if outcome is not outcomes[0]:
            times = ' / '.join(f'{value:.2f}' for value in times_of(runs, ours))
        text += row([
            job.name, shown, three([run.wall_seconds for run in runs]),
            seconds(spread([run.cpu_seconds for run in runs])[1]), mebibytes(runs, floor_bytes),
            f'{job.rows / median:,.0f}', times])
    return text


def startup_row(outcome, folders, floor_bytes):
    shown = f'`` {cell(outcome.command.shown(folders))} ``'
    if outcome.trouble:
        return row([shown, cell(outcome.trouble), '', ''])
    runs = outcome.runs
    return row([shown, three([1000 * run.wall_seconds for run in runs], '{:.1f}'.format),
                f'{1000 * spread([run.cpu_seconds for run in runs])[1]:.1f}',
                mebibytes(runs, floor_bytes)])


def growth_row(name, rows, outcome, floor_bytes):
    if outcome.trouble:
        return row([name, f'{rows:,}', cell(outcome.trouble), '', ''])
    walls = [run.wall_seconds for run in outcome.runs]
    cpu = [run.cpu_seconds for run in outcome.runs]
    return row([name, f'{rows:,}', three(walls), f'{1e9 * spread(cpu)[1] / rows:.1f}',
                mebibytes(outcome.runs, floor_bytes)])
