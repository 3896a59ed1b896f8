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

/** A chart of two panels over the time of the sale. */
export interface SaleChart<S extends Moment> {
  readonly title: string;
  readonly samples: readonly S[];
  /** @default - emulated minutes */
  readonly timeline?: Timeline;
  /** Counters, drawn above by how much they grow in a unit of time. */
  readonly rates: readonly Line<S>[];
  /** Drawn below as they are. */
  readonly waiting: readonly Line<S>[];
  /** What was out of order, and when. */
  readonly outages: readonly (Span & { readonly name: string })[];
}

/** Draws a chart as an SVG document. */
export function drawChart<S extends Moment>(sale: SaleChart<S>): string {
  const { samples, timeline = emulatedMinutes, title } = sale;
  const { unit } = timeline;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 1_000, height: 560 });
  const xAxis = (gridIndex: number, name: string) => ({
    type: 'value' as const,
    gridIndex,
    name,
    nameLocation: 'middle' as const,
    nameGap: 26,
    min: 0,
    max: Math.ceil((samples.at(-1)?.at ?? unit) / unit),
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', textStyle: { fontSize: 16 } },
    legend: { top: 30 },
    grid: [
      { left: 70, right: 30, top: 80, height: 190 },
      { left: 70, right: 30, top: 320, height: 180 },
    ],
    xAxis: [xAxis(0, ''), xAxis(1, timeline.axis)],
    yAxis: [
      { type: 'value', gridIndex: 0, name: timeline.rate },
      { type: 'value', gridIndex: 1, name: 'messages waiting' },
    ],
    series: [
      ...sale.rates.map((line, index) => ({
        ...series(line, 0, ratesOf(samples, line.value, unit)),
        ...(index === 0 && { markArea: markArea(sale.outages, unit, true) }),
      })),
      ...sale.waiting.map((line, index) => ({
        ...series(
          line,
          1,
          samples.map((sample) => [sample.at / unit, line.value(sample)]),
        ),
        areaStyle: { opacity: 0.15, color: line.color },
        ...(index === 0 && { markArea: markArea(sale.outages, unit, false) }),
      })),
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
