package ai.irmb.draw;

import java.awt.geom.Path2D;

/**
 * A built-in font of 5 x 7 dots for run-times without fonts, where the JDK cannot draw text at all.
 * Characters outside ASCII are filled boxes.
 */
final class BitmapFont implements LabelFont {
  private static final int COLUMNS = 5;
  private static final int ROWS = 8;
  private static final char FIRST = ' ';

  /**
   * The glyphs from the space on: two hexadecimal digits per column, whose lowest bit is the top
   * dot.
   */
  private static final String DOTS =
      "000000000000005F00000007000700147F147F14242A7F2A12231308646236495620500008070300"
          + "001C2241000041221C002A1C7F1C2A08083E08080080703000080808080800006060002010080402"
          + "3E5149453E00427F400072494949462141494D331814127F1027454545393C4A4949314121110907"
          + "3649494936464949291E000014000000403400000008142241141414141400412214080201590906"
          + "3E415D594E7C1211127C7F494949363E414141227F4141413E7F494949417F090909013E41415173"
          + "7F0808087F00417F41002040413F017F081422417F404040407F021C027F7F0408107F3E4141413E"
          + "7F090909063E4151215E7F09192946264949493203017F01033F4040403F1F2040201F3F4038403F"
          + "631408146303047804036159494D43007F4141410204081020004141417F04020102044040404040"
          + "000307080020545478407F284444383844444428384444287F385454541800087E090218A4A49C78"
          + "7F0804047800447D40002040403D007F1028440000417F40007C047804787C080404783844444438"
          + "FC1824241818242418FC7C08040408485454542404043F44243C4040207C1C2040201C3C4030403C"
          + "44281028444C9090907C4464544C440008364100000077000000413608000201020402";

  @Override
  public TextLine line(String text, double size) {
    double dot = size / ROWS;
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    int[] points = text.codePoints().toArray();
    int count = points.length;
    for (int i = 0; i < count; i++) {
      for (int column = 0; column < COLUMNS; column++) {
        int dots = column(points[i], column);
        for (int row = 0; row < ROWS; row++) {
          if (((dots >> row) & 1) != 0) {
            square(path, (i * (COLUMNS + 1) + column) * dot, (row - 7) * dot, dot);
          }
        }
      }
    }
    return new TextLine(path, Math.max(0, count * (COLUMNS + 1) - 1) * dot, 7 * dot, dot);
  }

  private static int column(int point, int column) {
    int at = 2 * ((point - FIRST) * COLUMNS + column);
    return at < 0 || at >= DOTS.length() ? 0x7F : Integer.parseInt(DOTS, at, at + 2, 16);
  }

  private static void square(Path2D path, double x, double y, double side) {
    path.moveTo(x, y);
    path.lineTo(x + side, y);
    path.lineTo(x + side, y + side);
    path.lineTo(x, y + side);
    path.closePath();
  }
}
