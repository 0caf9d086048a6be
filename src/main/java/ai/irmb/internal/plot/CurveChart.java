package ai.irmb.internal.plot;

import ai.irmb.validate.Curves;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart with a thin line per class and a thick one for their mean, over an axis from 0 to 1. */
final class CurveChart {
  /** With more classes, the lines are gray and only the mean is in the legend. */
  private static final int MOST_NAMED = 20;

  private static final float THIN = 1.6f;
  private static final float THICK = 4f;
  private static final Color MEAN = new Color(0x1a1a1a);
  private static final Color UNNAMED = new Color(0xb8b8b8);

  private final XYChart chart;
  private final double[] axis;
  private final Map<String, Integer> names = new TreeMap<>();
  private int lines;

  CurveChart(String title, String x, String y) {
    double[] even = new double[Curves.POINTS];
    Arrays.setAll(even, i -> (double) i / (Curves.POINTS - 1));
    axis = uneven(even);
    chart =
        new XYChartBuilder()
            .width(1100)
            .height(720)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisDecimalPattern("0.0").setYAxisDecimalPattern("0.0");
  }

  /**
   * @param classes total number of classes
   */
  void add(String name, double[] curve, int classes) {
    boolean named = classes <= MOST_NAMED;
    XYSeries series = line(name, curve, THIN);
    series.setLineColor(named ? ChartStyle.line(lines, classes) : UNNAMED);
    series.setShowInLegend(named);
    lines++;
  }

  void addMean(String name, double[] curve) {
    line(name, curve, THICK).setLineColor(MEAN);
  }

  /**
   * {@return all points except the next to last}
   *
   * <p>For evenly spaced points XChart labels every n-th point instead of round numbers.
   */
  private static double[] uneven(double[] points) {
    double[] fewer = Arrays.copyOf(points, points.length - 1);
    fewer[fewer.length - 1] = points[points.length - 1];
    return fewer;
  }

  private XYSeries line(String name, double[] curve, float width) {
    // Classes may have equal names; series may not.
    int before = names.merge(name, 1, Integer::sum);
    String unique = before == 1 ? name : name + " (" + before + ")";
    XYSeries series = chart.addSeries(unique, axis, uneven(curve));
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    return series;
  }

  XYChart chart() {
    return chart;
  }
}
