package ai.irmb.internal.plot;

import ai.irmb.validate.ConfusionMatrix;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;

/**
 * A chart of the confusion matrix, with each column as fractions of its class, and the background
 * last.
 */
final class ConfusionChart {
  /** A fraction that would be shown as 0.00 is left blank. */
  private static final double MIN_SHOWN = 0.005;

  private static final int MOST_WRITTEN = 30;
  private static final int MAX_NAMED = 98;
  private static final int CELL = 110;
  private static final int LEAST_SIDE = 760;
  private static final int MOST_SIDE = 1900;

  private ConfusionChart() {}

  static HeatMapChart of(ConfusionMatrix matrix, Map<Integer, String> names) {
    int n = matrix.classes() + 1;
    int side = Math.min(Math.max(n * CELL, LEAST_SIDE), MOST_SIDE);
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(side + 140)
            .height(side)
            .title("Confusion matrix, fractions of each true class")
            .xAxisTitle("True")
            .yAxisTitle("Predicted")
            .build();
    style(chart, n, side);
    // The chart counts its rows from the bottom.
    List<Number[]> cells = new ArrayList<>();
    for (int predicted = 0; predicted < n; predicted++) {
      for (int actual = 0; actual < n; actual++) {
        double part = matrix.fraction(predicted, actual);
        if (part >= MIN_SHOWN) {
          cells.add(new Number[] {actual, n - 1 - predicted, part});
        }
      }
    }
    List<String> across = labels(n, names);
    List<String> up = new ArrayList<>(across);
    Collections.reverse(up);
    chart.addSeries("parts", across, up, cells);
    return chart;
  }

  private static List<String> labels(int n, Map<Integer, String> names) {
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < n - 1; c++) {
      String name = names.getOrDefault(c, String.valueOf(c));
      labels.add(n > MAX_NAMED || labels.contains(name) ? c + "" : name);
    }
    labels.add("background");
    return labels;
  }

  private static void style(HeatMapChart chart, int n, int side) {
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setMin(0).setMax(1);
    chart
        .getStyler()
        .setRangeColors(
            new Color[] {
              new Color(0xf7fbff), new Color(0xd6e6f4), new Color(0xabd0e6), new Color(0x6aaed6)
            });
    chart.getStyler().setPlotGridLinesVisible(false).setYAxisLabelAlignment(TextAlignment.Right);
    chart.getStyler().setShowValue(n <= MOST_WRITTEN);
    chart.getStyler().setHeatMapValueDecimalPattern("0.00");
    int letters = Math.min(Math.max(side / n / 5, 9), 20);
    chart.getStyler().setValueFont(new Font(Font.SANS_SERIF, Font.PLAIN, letters));
    chart.getStyler().setPlotContentSize(1);
    chart.getStyler().setXAxisLabelRotation(n > 8 ? 90 : 0);
  }
}
