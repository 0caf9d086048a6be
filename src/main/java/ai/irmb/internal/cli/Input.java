package ai.irmb.internal.cli;

import ai.irmb.video.Video;
import java.nio.file.Path;

/**
 * An image, a video, or an image of a video that is asked for.
 *
 * @param given what the user calls it, fit for a terminal
 * @param file where it is
 * @param name what its outputs are called, without an extension; folders are separated by slashes,
 *     and no other input has the same
 * @param number which image of a video it is, from 1; 0 otherwise
 */
record Input(String given, Path file, String name, int number) {
  /** {@return the file's name without its folders} */
  String fileName() {
    return String.valueOf(file.getFileName());
  }

  /** {@return the name's last part} */
  String shortName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  boolean isCamera() {
    return Video.isCamera(given);
  }

  boolean isVideo() {
    return isCamera() || Video.isVideo(fileName());
  }

  /** {@return an image of this video} */
  Input frame(int which) {
    return new Input(given, file, name + "_" + which, which);
  }
}
