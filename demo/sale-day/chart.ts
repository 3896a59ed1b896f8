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

/** The state of the sale at one moment. */
export interface Sample {
  /** Emulated milliseconds since the sale opened. */
  readonly at: number;
  /** Orders accepted so far. */
  readonly accepted: number;
  /** Messages in the queue, in flight ones included. */
  readonly depth: number;
  /** Rows in the database. */
  readonly written: number;
}

/** A stretch of the sale. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const minute = 60_000;

/** Draws arrivals, queue depth and writes over the sale as an SVG document. */
export function drawSale(samples: readonly Sample[], outage: Span, title: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 1_000, height: 560 });
  const series = (name: string, axis: number, data: [number, number][], color: string) => ({
    name,
    type: 'line' as const,
    yAxisIndex: axis,
    xAxisIndex: axis,
    showSymbol: false,
    lineStyle: { width: 2, color },
    itemStyle: { color },
    data,
  });
  const points = (value: (sample: Sample) => number): [number, number][] =>
    samples.map((sample) => [sample.at / minute, value(sample)]);
  const xAxis = (gridIndex: number, name: string) => ({
    type: 'value' as const,
    gridIndex,
    name,
    nameLocation: 'middle' as const,
    nameGap: 26,
    min: 0,
    max: Math.ceil((samples.at(-1)?.at ?? minute) / minute),
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
    xAxis: [xAxis(0, ''), xAxis(1, 'emulated minutes since the sale opened')],
    yAxis: [
      { type: 'value', gridIndex: 0, name: 'per emulated minute' },
      { type: 'value', gridIndex: 1, name: 'messages waiting' },
    ],
    series: [
      {
        ...series(
          'orders accepted',
          0,
          rates(samples, (sample) => sample.accepted),
          '#2563eb',
        ),
        markArea: {
          silent: true,
          itemStyle: { color: 'rgba(220, 38, 38, 0.12)' },
          label: { color: '#991b1b' },
          data: [
            [
              { name: 'database stopped', xAxis: outage.from / minute },
              { xAxis: outage.to / minute },
            ],
          ],
        },
      },
      series(
        'rows written',
        0,
        rates(samples, (sample) => sample.written),
        '#16a34a',
      ),
      {
        ...series(
          'queue depth',
          1,
          points((sample) => sample.depth),
          '#d97706',
        ),
        areaStyle: { opacity: 0.15, color: '#d97706' },
        markArea: {
          silent: true,
          itemStyle: { color: 'rgba(220, 38, 38, 0.12)' },
          data: [[{ xAxis: outage.from / minute }, { xAxis: outage.to / minute }]],
        },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** How fast a counter grew between samples, per emulated minute. */
function rates(
  samples: readonly Sample[],
  counter: (sample: Sample) => number,
): [number, number][] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] ?? sample;
    const minutes = (sample.at - before.at) / minute;
    return [sample.at / minute, minutes > 0 ? (counter(sample) - counter(before)) / minutes : 0];
  });
}
