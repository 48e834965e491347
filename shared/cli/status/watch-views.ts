import type { Page } from '../terminal/page.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { answerText } from './answer.ts';
import { frame } from './frame.ts';
import type { WatchView } from './watch.ts';
import type { Watched } from './watched.ts';
import { trendOf } from './words.ts';

/** The last column stays free: what ends a line would take a letter there away. */
const MARGIN = 1;

/** Draws on a terminal, in place. @param every for the title: `every 5 s` */
export function drawnView(screen: Screen, style: Style, every: string, now: () => number): WatchView {
  let shown: readonly Watched[] | undefined;
  const draw = () => {
    const { columns, rows } = screen.size;
    screen.draw(
      shown === undefined ? ['reading ...'] : frame({ width: columns - MARGIN, style }, rows, shown, now(), every),
    );
  };
  return {
    show: (watched) => {
      shown = watched;
      draw();
    },
    refresh: draw,
    end: () => screen.leave(),
  };
}

/** Writes one block after the other, for files and pipes. */
export function writtenView(page: Page, write: (text: string) => void, all: boolean, now: () => number): WatchView {
  return {
    show: (watched) => {
      const asked = watched.map((each) => each.asked);
      write(`${new Date(now()).toISOString()}\n${answerText(page, asked, all)}\n${trendLines(watched)}\n`);
    },
    refresh: () => {},
    end: () => {},
  };
}

function trendLines(watched: readonly Watched[]): string {
  return watched
    .flatMap(({ asked: { flow }, trends }) => {
      const rates = trends.flow.rates();
      return rates === undefined ? [] : [`${flow}  ${trendOf(rates)}\n`];
    })
    .join('');
}
