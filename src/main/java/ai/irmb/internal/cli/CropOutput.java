package ai.irmb.internal.cli;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.Directories;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a crop of each object to a folder per class. As upstream's, a crop is the box times 1.02
 * plus 10 pixels, clipped to the image.
 */
final class CropOutput implements Output {
  private static final float GAIN = 1.02f;
  private static final float PADDING = 10;

  /** In characters; file systems take 255 bytes. */
  private static final int MAX_NAME_LENGTH = 80;

  private final Path folder;

  CropOutput(Path folder) {
    this.folder = folder;
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    for (Detection d : found) {
      String label = folderName(d.label());
      int number = numbers.merge(label, 1, Integer::sum);
      Path target = FileNames.in(folder, label + "/" + input.name() + "_" + number + ".jpg");
      Directories.createParents(target);
      crop(image, d.box()).write(target);
    }
  }

  /** {@return a safe folder name: a label from a checkpoint must not lead out of the folder} */
  static String folderName(String label) {
    String name = label.replaceAll("[^\\p{L}\\p{M}\\p{N} ._-]", "_").strip();
    String cut = name.substring(0, end(name));
    return cut.matches("\\.*") ? "_" : cut;
  }

  /** {@return where the name is cut: between two characters as people see them} */
  private static int end(String name) {
    if (name.length() <= MAX_NAME_LENGTH) {
      return name.length();
    }
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(name);
    int end = characters.preceding(MAX_NAME_LENGTH + 1);
    int pair = Character.isHighSurrogate(name.charAt(MAX_NAME_LENGTH - 1)) ? 1 : 0;
    return end > 0 ? end : MAX_NAME_LENGTH - pair;
  }

  private static RgbImage crop(RgbImage image, Box box) {
    float x1 = (float) Math.rint(box.x1());
    float y1 = (float) Math.rint(box.y1());
    float x2 = (float) Math.rint(box.x2());
    float y2 = (float) Math.rint(box.y2());
    float halfWidth = ((x2 - x1) * GAIN + PADDING) / 2;
    float halfHeight = ((y2 - y1) * GAIN + PADDING) / 2;
    int left = clip((x1 + x2) / 2 - halfWidth, image.width() - 1);
    int top = clip((y1 + y2) / 2 - halfHeight, image.height() - 1);
    int right = clip((x1 + x2) / 2 + halfWidth, image.width());
    int bottom = clip((y1 + y2) / 2 + halfHeight, image.height());
    return image.crop(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
  }

  private static int clip(float position, int max) {
    return Math.max(0, Math.min((int) position, max));
  }
}
