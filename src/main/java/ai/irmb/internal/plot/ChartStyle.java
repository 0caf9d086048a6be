package ai.irmb.internal.plot;

import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;

/** The style of the charts. */
final class ChartStyle {
  /** The palette of Okabe and Ito, which people with any color vision can distinguish. */
  private static final int[] FEW = {
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x7f5af0
  };

  private static final Color GRID = new Color(0xe4e4e4);
  private static final Color TEXT = new Color(0x333333);

  private ChartStyle() {}

  /** {@return the color of a line} */
  static Color line(int index, int of) {
    return of <= FEW.length
        ? new Color(FEW[index])
        : Color.getHSBColor((float) index / of, 0.8f, index % 2 == 0 ? 0.85f : 0.6f);
  }

  static void apply(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setChartFontColor(TEXT);
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitlePadding(12);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 22));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 18));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setChartPadding(18);
    styler.setAntiAlias(true);
  }
}
