package ai.irmb.internal.cli;

import ai.irmb.AttentionMap;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.draw.HeatMap;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.Directories;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a line about a layer's attention per image, and writes heat maps. */
final class AttentionOutput implements Output {
  private final Detector detector;
  private final int layer;
  private final LinePrinter out;
  private final @Nullable Path folder;
  private final HeatMap heat = new HeatMap();

  /**
   * @param save folder for heat maps, or null for lines only
   * @throws IllegalArgumentException if the layer has no attention
   */
  AttentionOutput(Detector detector, int layer, LinePrinter out, @Nullable Path save) {
    this.detector = detector;
    this.layer = layer;
    this.out = out;
    this.folder = save == null ? null : save.resolve("attention");
    if (!detector.attentionLayers().contains(layer)) {
      throw new IllegalArgumentException(
          "--attention: layer "
              + layer
              + " has none; layers that have: "
              + detector.attentionLayers());
    }
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    List<AttentionMap> maps = detector.attention(image, layer);
    for (int i = 0; i < maps.size(); i++) {
      String number = maps.size() == 1 ? "" : "." + (i + 1);
      out.line(input.given() + ": attention" + number + " in " + maps.get(i));
      if (folder != null) {
        Path target = FileNames.in(folder, input.name() + "-" + layer + number + ".png");
        Directories.createParents(target);
        heat.draw(image, maps.get(i)).write(target);
      }
    }
  }
}
