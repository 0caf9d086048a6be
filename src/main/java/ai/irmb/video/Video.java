package ai.irmb.video;

import ai.irmb.error.ImageException;
import ai.irmb.internal.engine.VideoNatives;
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

  private static final Pattern STREAM = Pattern.compile("(?i)[a-z][a-z0-9+.-]{1,20}://.+");

  private Video() {}

  /** {@return whether a file name ends like a video} */
  public static boolean isVideo(String name) {
    return VIDEO.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** {@return whether this names a camera: {@code camera:0}} */
  public static boolean isCamera(String name) {
    return CAMERA.matcher(name).matches();
  }

  /** {@return whether this is the address of a stream or file in a network: {@code rtsp://…}} */
  public static boolean isStream(String name) {
    return STREAM.matcher(name).matches();
  }

  /**
   * {@return the frames of a network stream, or of a video or image at a network address}
   *
   * @param address with a protocol, such as {@code rtsp://}, {@code rtmp://} or {@code https://}
   * @throws ImageException if it cannot be read, or JavaCV is not on the class path
   */
  public static FrameReader openStream(String address, Limits limits) {
    return load(address, () -> FfmpegReader.stream(address, limits));
  }

  /**
   * {@return the frames of a video file}
   *
   * @param name the name of the video in error messages
   * @throws ImageException if it cannot be read, its frames exceed the limits, or JavaCV is not on
   *     the class path
   */
  public static FrameReader open(Path file, String name, Limits limits) {
    return load(name, () -> FfmpegReader.file(file, name, limits));
  }

  /**
   * {@return the frames of a camera; they do not end}
   *
   * @param name {@code camera:N}, with N from 0
   * @throws ImageException if there is no such camera, or JavaCV is not on the class path
   */
  public static FrameReader openCamera(String name, Limits limits) {
    return load(name, () -> FfmpegReader.camera(name, limits));
  }

  /**
   * {@return a new video: MP4, with H.264 if the codec is available}
   *
   * @param file in an existing folder; a file of this name is replaced when the video is finished
   * @param width of each frame; the video's width is even, so it may be one less
   * @param height of each frame; the same applies
   * @param rate frames per second
   * @throws ImageException if it cannot be written, or JavaCV is not on the class path
   */
  public static FrameWriter create(Path file, int width, int height, double rate) {
    return load(file.toString(), () -> FfmpegWriter.open(file, width, height, rate));
  }

  /** Creates an instance of a class that needs JavaCV. */
  private interface Maker<T> {
    T make() throws IOException;
  }

  private static <T> T load(String name, Maker<T> maker) {
    try {
      VideoNatives.prepare();
      return maker.make();
    } catch (LinkageError e) {
      throw new ImageException(
          name
              + ": videos, cameras and network addresses need JavaCV, which is not on the class"
              + " path: download the file, or build the command line with \"mvn -Pvideo package\","
              + " or add org.bytedeco:javacv 1.5.14 and org.bytedeco:ffmpeg-platform 8.1.2-1.5.14"
              + " to your application",
          e);
    } catch (IOException e) {
      throw new ImageException(name + ": " + e.getMessage(), e);
    }
  }
}
