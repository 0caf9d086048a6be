package ai.irmb.format;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Mask;
import ai.irmb.WriteOptions;
import ai.irmb.internal.error.Quoting;
import java.io.IOException;
import java.io.Writer;
import java.util.BitSet;
import java.util.Map;
import java.util.StringJoiner;

/** CVAT's XML for images. */
final class CvatDocument extends TextDocument {
  private final Map<Integer, String> names;
  private int images;

  CvatDocument(Writer out, WriteOptions options) {
    super(out);
    this.names = options.names();
  }

  /** The labels come first, so they are those of the options. */
  @Override
  String start() {
    StringBuilder text =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n")
            .append("  <version>1.1</version>\n  <meta>\n    <task>\n      <labels>\n");
    for (String name : names.values()) {
      text.append("        <label><name>")
          .append(escape(name))
          .append("</name><type>any</type><attributes></attributes></label>\n");
    }
    return text.append("      </labels>\n    </task>\n  </meta>\n").toString();
  }

  @Override
  void write(ImageEntry image, Detections detections) throws IOException {
    StringBuilder text = new StringBuilder("  <image");
    append(text, "id", images++);
    append(text, "name", image.relativePath());
    append(text, "width", detections.width());
    append(text, "height", detections.height());
    text.append(">\n");
    for (Detection d : detections) {
      Mask mask = d.mask();
      if (mask == null) {
        appendBox(text, d);
      } else if (mask.area() > 0) {
        appendMask(text, d, mask);
      }
    }
    out().write(text.append("  </image>\n").toString());
  }

  private static void appendBox(StringBuilder text, Detection d) {
    Box box = d.box();
    start(text, "box", d);
    append(text, "xtl", box.x1());
    append(text, "ytl", box.y1());
    append(text, "xbr", box.x2());
    append(text, "ybr", box.y2());
    text.append("></box>\n");
  }

  /** The runs of the rectangle around the set pixels, row by row; the first is of unset pixels. */
  private static void appendMask(StringBuilder text, Detection d, Mask mask) {
    BitSet bits = mask.toBitSet();
    int left = mask.width();
    int right = 0;
    for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(at + 1)) {
      left = Math.min(left, at % mask.width());
      right = Math.max(right, at % mask.width());
    }
    int top = bits.nextSetBit(0) / mask.width();
    int bottom = (bits.length() - 1) / mask.width();
    StringJoiner runs = new StringJoiner(", ");
    boolean on = false;
    int run = 0;
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        if (bits.get(y * mask.width() + x) != on) {
          runs.add(String.valueOf(run));
          on = !on;
          run = 0;
        }
        run++;
      }
    }
    runs.add(String.valueOf(run));
    start(text, "mask", d);
    append(text, "rle", runs);
    append(text, "left", left);
    append(text, "top", top);
    append(text, "width", right - left + 1);
    append(text, "height", bottom - top + 1);
    text.append("></mask>\n");
  }

  private static void start(StringBuilder text, String shape, Detection d) {
    text.append("    <").append(shape);
    append(text, "label", d.label());
    append(text, "source", "auto");
    append(text, "occluded", 0);
    append(text, "z_order", 0);
  }

  private static void append(StringBuilder text, String attribute, Object value) {
    text.append(' ').append(attribute).append("=\"").append(escape(value.toString())).append('"');
  }

  /** Control characters, which XML does not have, are escaped as in messages. */
  private static String escape(String text) {
    return Quoting.escape(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  String end() {
    return "</annotations>\n";
  }
}
