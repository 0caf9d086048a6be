package ai.irmb.video;

import ai.irmb.error.ImageException;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Opens videos and cameras. Safe for concurrent use. */
public final class Video {
  private static final Pattern VIDEO =
      Pattern.compile(".*\\.(mp4|m4v|mov|avi|mkv|webm|mpe?g|wmv|flv|3gp|ts|mts|asf)");
  private static final Pattern CAMERA = Pattern.compile("camera:[0-9]{1,3}");

  private Video() {}

  /** {@return whether a file's name ends as a video's does} */
  public static boolean isVideo(String name) {
    return VIDEO.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** {@return whether this names a camera: {@code camera:0}} */
  public static boolean isCamera(String name) {
    return CAMERA.matcher(name).matches();
  }

  /**
   * {@return the images of a video}
   *
   * @param name what messages call it
   * @throws ImageException if it cannot be read, its images are beyond the limits, or JavaCV is not
   *     there
   */
  public static FrameReader read(Path file, String name, Limits limits) {
    return load(name, () -> FfmpegReader.file(file, name, limits));
  }

  /**
   * {@return the images of a camera, without end}
   *
   * @param name {@code camera:N}, the first being 0
   * @throws ImageException if there is no such camera, or JavaCV is not there
   */
  public static FrameReader camera(String name, Limits limits) {
    return load(name, () -> FfmpegReader.camera(name, limits));
  }

  /**
   * {@return a new video: MP4, H.264 where the codec is there}
   *
   * @param file in a folder that exists; one of this name is replaced in the end
   * @param width of each image; the video's is even, so it may be one less
   * @param height of each image; likewise
   * @param rate images a second
   * @throws ImageException if it cannot be written, or JavaCV is not there
   */
  public static FrameWriter write(Path file, int width, int height, double rate) {
    return load(file.toString(), () -> FfmpegWriter.open(file, width, height, rate));
  }

  /** Makes one of the classes that need JavaCV. */
  private interface Maker<T> {
    T make() throws IOException;
  }

  private static <T> T load(String name, Maker<T> maker) {
    try {
      return maker.make();
    } catch (LinkageError e) {
      throw new ImageException(
          name
              + ": videos and cameras need JavaCV, which is not here: build the command line with"
              + " \"mvn -Pvideo package\", or add org.bytedeco:javacv 1.5.12 and"
              + " org.bytedeco:ffmpeg-platform 7.1.1-1.5.12 to your application",
          e);
    } catch (IOException e) {
      throw new ImageException(name + ": " + e.getMessage(), e);
    }
  }
}
