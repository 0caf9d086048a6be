package ai.irmb.internal.cli;

import ai.irmb.draw.Annotator;
import ai.irmb.draw.DrawOptions;
import ai.irmb.draw.DrawOptions.ColorBy;
import ai.irmb.draw.DrawOptions.Hide;
import ai.irmb.draw.DrawOptions.LabelPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for drawing; see {@link DrawOptions}. */
final class DrawingOptions {
  @Option(
      names = {"--line-width", "--line-thickness"},
      paramLabel = "X",
      description = "With --save: width of the lines, in pixels (default: fits the image).")
  private double lineWidth;

  @Option(
      names = "--font-size",
      paramLabel = "X",
      description = "With --save: size of the labels' font, in pixels (default: fits the image).")
  private double fontSize;

  @Option(
      names = "--labels",
      paramLabel = "PART",
      split = ",",
      description =
          "With --save: parts of the labels, separated by commas: track, class, confidence; or"
              + " none (default: all).")
  private @Nullable List<String> labels;

  @Option(
      names = "--color-by",
      paramLabel = "NUMBER",
      description = "With --save: a color per class or per track: class, track (default: class).")
  private ColorBy colorBy = DrawOptions.DEFAULTS.colorBy();

  @Option(
      names = "--palette",
      paramLabel = "COLOR",
      split = ",",
      description = "With --save: colors such as ff0000,00ff00, which repeat.")
  private List<String> palette = List.of();

  @Option(
      names = "--hide",
      paramLabel = "WAY",
      description =
          "With --save: hide what is inside the boxes: nothing, pixelate, blur, fill (default:"
              + " nothing).")
  private Hide hide = Hide.NOTHING;

  @Option(
      names = "--mask-opacity",
      paramLabel = "X",
      description = "With --save: opacity of masks, 0 to 1 (default: 0.39).")
  private double maskOpacity = DrawOptions.DEFAULTS.maskOpacity();

  /** {@return an annotator with these options} */
  Annotator annotator() {
    return new Annotator(options());
  }

  /** {@return whether the objects are hidden} */
  boolean isHiding() {
    return hide != Hide.NOTHING;
  }

  DrawOptions options() {
    DrawOptions options;
    try {
      options =
          DrawOptions.DEFAULTS
              .withLineWidth(lineWidth)
              .withFontSize(fontSize)
              .withMaskOpacity(maskOpacity);
    } catch (IllegalArgumentException e) {
      throw OptionNames.inMessage(e);
    }
    options = options.withColorBy(colorBy).withPalette(colors()).withHide(hide);
    return labels == null ? options : options.withLabels(parts(labels));
  }

  private static LabelPart[] parts(List<String> names) {
    List<LabelPart> parts = new ArrayList<>();
    for (String name : names) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "track" -> parts.add(LabelPart.TRACK);
        case "class" -> parts.add(LabelPart.CLASS);
        case "confidence" -> parts.add(LabelPart.CONFIDENCE);
        case "none" -> {
          if (names.size() > 1) {
            throw new IllegalArgumentException("--labels: none excludes the other parts");
          }
        }
        default ->
            throw new IllegalArgumentException(
                "--labels: expected track, class, confidence or none, found " + name);
      }
    }
    return parts.stream().distinct().toArray(LabelPart[]::new);
  }

  private List<Integer> colors() {
    List<Integer> colors = new ArrayList<>();
    for (String color : palette) {
      if (!color.matches("#?[0-9a-fA-F]{6}")) {
        throw new IllegalArgumentException(
            "--palette: expected six hexadecimal digits such as ff0000, found " + color);
      }
      colors.add(Integer.parseInt(color.replace("#", ""), 16));
    }
    return colors;
  }
}
