package ai.irmb.internal.cli;

import ai.irmb.format.ImageEntry;
import ai.irmb.internal.file.FileNames;
import ai.irmb.video.Video;
import java.nio.file.Path;

/**
 * An input: an image, a video, or a frame of a video.
 *
 * @param given name as the user gave it, safe to print
 * @param file path of the file
 * @param name unique name of its outputs, without an extension; slashes separate folders
 * @param number number of the frame in its video, from 1; 0 for others
 */
record Input(String given, Path file, String name, int number) {
  static final String STANDARD_INPUT = "-";

  /** {@return the file's name without folders} */
  String fileName() {
    return FileNames.lastName(file);
  }

  /** {@return the names of this image in files} */
  ImageEntry entry() {
    return new ImageEntry(fileName(), given, name, number);
  }

  boolean isCamera() {
    return Video.isCamera(given);
  }

  boolean isStream() {
    return Video.isStream(given);
  }

  /** {@return whether this is the image that standard input contains} */
  boolean isStandardInput() {
    return given.equals(STANDARD_INPUT);
  }

  boolean isVideo() {
    return isCamera() || isStream() || Video.isVideo(fileName());
  }

  /** {@return a frame of this video} */
  Input frame(int which) {
    return new Input(given, file, name + "_" + which, which);
  }
}
