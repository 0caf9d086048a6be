package ai.irmb.format;

import static java.util.Objects.requireNonNull;

import ai.irmb.internal.file.FileNames;
import java.nio.file.Path;

/**
 * The names of an image in the files that are written. Immutable.
 *
 * @param fileName name of its file, without folders
 * @param path path or address, as the application knows it
 * @param name the file name without its extension, for the files of a data set; unique among the
 *     images of a writer; slashes separate folders
 * @param frame number of the frame in its video, from 1; 0 for an image that is not a frame
 */
public record ImageEntry(String fileName, String path, String name, int frame) {
  /**
   * @throws IllegalArgumentException if the frame is negative
   */
  public ImageEntry {
    requireNonNull(fileName, "fileName");
    requireNonNull(path, "path");
    requireNonNull(name, "name");
    if (frame < 0) {
      throw new IllegalArgumentException("frame: expected at least 0, found " + frame);
    }
  }

  /**
   * {@return the image's path below the folder of a data set: the name with the extension of the
   * file, of a frame with {@code .png}}
   */
  public String relativePath() {
    if (frame > 0) {
      return name + ".png";
    }
    int dot = fileName.lastIndexOf('.');
    // A name that needs the extension to be unique has it already.
    boolean isComplete = name.substring(name.lastIndexOf('/') + 1).equals(fileName);
    return dot > 0 && !isComplete ? name + fileName.substring(dot) : name;
  }

  /** {@return the names of an image file, for images in one folder} */
  public static ImageEntry of(Path file) {
    String fileName = FileNames.lastName(file);
    int dot = fileName.lastIndexOf('.');
    String name = dot > 0 ? fileName.substring(0, dot) : fileName;
    return new ImageEntry(fileName, FileNames.text(file), name, 0);
  }
}
