import { LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TitleComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, LegendComponent, MarkAreaComponent, TitleComponent, SVGRenderer]);

/** A stretch of the sale, in milliseconds since it opened. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is seen of the sale at one moment. */
export interface Moment {
  /** Milliseconds since the sale opened: emulated ones, where nothing else is said. */
  readonly at: number;
}

/** A line of a chart. */
export interface Line<S extends Moment> {
  readonly name: string;
  readonly color: string;
  readonly value: (sample: S) => number;
}

/** What a chart's time is counted in. */
export interface Timeline {
  /** Milliseconds of one. */
  readonly unit: number;
  /** What is under the axis. */
  readonly axis: string;
  /** What rates are per. */
  readonly rate: string;
}

/** Pixels from the top of the chart to its first panel, and of a panel with and without the room below it. */
const firstPanel = 80;
const panelPitch = 240;
const panelHeight = 180;

/** Emulated minutes: a sale at many times real time. */
const emulatedMinutes: Timeline = {
  unit: 60_000,
  axis: 'emulated minutes since the sale opened',
  rate: 'per emulated minute',
};

/** Real seconds: of brokers, which know no other time. */
export const seconds: Timeline = {
  unit: 1_000,
  axis: 'seconds since the first order',
  rate: 'per second',
};

/** Lines that share an axis. */
export interface Panel<S extends Moment> {
  /** What the axis counts. */
  readonly name: string;
  readonly lines: readonly Line<S>[];
}

/** A chart of two panels or more over the time of the sale. */
export interface SaleChart<S extends Moment> {
  readonly title: string;
  readonly samples: readonly S[];
  /** @default - emulated minutes */
  readonly timeline?: Timeline;
  /** Counters, drawn above by how much they grow in a unit of time. */
  readonly rates: readonly Line<S>[];
  /** Drawn below as they are. */
  readonly waiting: readonly Line<S>[];
  /** Drawn below those, each on an axis of its own. @default - none */
  readonly more?: readonly Panel<S>[];
  /** What was out of order, and when. */
  readonly outages: readonly (Span & { readonly name: string })[];
}

/** Draws a chart as an SVG document. */
export function drawChart<S extends Moment>(sale: SaleChart<S>): string {
  const { samples, timeline = emulatedMinutes, title } = sale;
  const panels: readonly Panel<S>[] = [
    { name: 'messages waiting', lines: sale.waiting },
    ...(sale.more ?? []),
  ];
  const names = [timeline.rate, ...panels.map(({ name }) => name)];
  const height = firstPanel + panelPitch * names.length;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 1_000, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', textStyle: { fontSize: 16 } },
    legend: { top: 30 },
    grid: names.map((_name, index) => ({
      left: 70,
      right: 30,
      top: firstPanel + panelPitch * index,
      height: panelHeight,
    })),
    xAxis: names.map((_name, gridIndex) => ({
      type: 'value',
      gridIndex,
      name: gridIndex === panels.length ? timeline.axis : '',
      nameLocation: 'middle',
      nameGap: 26,
      min: 0,
      max: Math.ceil((samples.at(-1)?.at ?? timeline.unit) / timeline.unit),
    })),
    yAxis: names.map((name, gridIndex) => ({ type: 'value', gridIndex, name })),
    series: [
      ...sale.rates.map((line, index) => ({
        ...series(line, 0, ratesOf(samples, line.value, timeline.unit)),
        ...(index === 0 && { markArea: markArea(sale.outages, timeline.unit, true) }),
      })),
      ...panels.flatMap(({ lines }, panel) =>
        lines.map((line, index) => ({
          ...series(
            line,
            panel + 1,
            samples.map((sample) => [sample.at / timeline.unit, line.value(sample)]),
          ),
          areaStyle: { opacity: 0.15, color: line.color },
          ...(index === 0 && { markArea: markArea(sale.outages, timeline.unit, false) }),
        })),
      ),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function series(
  { color, name }: Pick<Line<never>, 'color' | 'name'>,
  axis: number,
  data: [number, number][],
) {
  return {
    name,
    type: 'line' as const,
    yAxisIndex: axis,
    xAxisIndex: axis,
    showSymbol: false,
    lineStyle: { width: 2, color },
    itemStyle: { color },
    data,
  };
}

function markArea(outages: SaleChart<Moment>['outages'], unit: number, named: boolean) {
  return {
    silent: true,
    itemStyle: { color: 'rgba(220, 38, 38, 0.12)' },
    label: { color: '#991b1b' },
    data: outages.map(({ from, name, to }, index) => [
      // One below the other, where they overlap.
      {
        ...(named && { name }),
        xAxis: from / unit,
        label: { position: ['50%', 4 + 16 * index], align: 'center' },
      },
      { xAxis: to / unit },
    ]),
  };
}

/** How fast a counter grew between samples, per unit of time. */
function ratesOf<S extends Moment>(
  samples: readonly S[],
  counter: (sample: S) => number,
  unit: number,
): [number, number][] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] ?? sample;
    const units = (sample.at - before.at) / unit;
    return [sample.at / unit, units > 0 ? (counter(sample) - counter(before)) / units : 0];
  });
}
