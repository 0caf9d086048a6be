package ai.irmb.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.platform.Platform;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.jspecify.annotations.Nullable;

/** Reads frames with FFmpeg. */
final class FfmpegReader implements FrameReader {
  private final FFmpegFrameGrabber grabber;
  private final String name;
  private final int quarters;
  private boolean closed;

  private FfmpegReader(FFmpegFrameGrabber grabber, String name, Limits limits) {
    this.grabber = grabber;
    this.name = name;
    try {
      av_log_set_level(AV_LOG_FATAL);
      grabber.setImageMode(FrameGrabber.ImageMode.COLOR);
      grabber.setPixelFormat(AV_PIX_FMT_RGB24);
      grabber.start();
      check(limits);
    } catch (FrameGrabber.Exception e) {
      close();
      throw new ImageException(name + ": " + unreadable(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    // FFmpeg gives the rotation that a player applies, counterclockwise.
    this.quarters = Math.floorMod((int) -Math.rint(grabber.getDisplayRotation() / 90), 4);
  }

  private void check(Limits limits) {
    int width = grabber.getImageWidth();
    int height = grabber.getImageHeight();
    if (width < 1 || height < 1) {
      throw new ImageException(name + ": there are no images in it");
    }
    check(Math.max(width, height), Limit.SIDE, limits);
    check((long) width * height, Limit.PIXELS, limits);
  }

  private void check(long found, Limit limit, Limits limits) {
    if (found > limits.get(limit)) {
      throw new ImageException(
          name
              + ": the frames' "
              + (limit == Limit.SIDE ? "longer side" : "number of pixels")
              + " is "
              + found
              + ", more than "
              + LimitMessages.limit(limits, limit));
    }
  }

  static FrameReader file(Path file, String name, Limits limits) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file");
    }
    FFmpegFrameGrabber grabber = new FFmpegFrameGrabber("file:" + file.toAbsolutePath());
    // A playlist could name other files and network addresses.
    grabber.setOption("protocol_whitelist", "file");
    return new FfmpegReader(grabber, name, limits);
  }

  static FrameReader stream(String address, Limits limits) {
    FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(address);
    // A playlist must not name files of this machine.
    grabber.setOption(
        "protocol_whitelist",
        "http,https,httpproxy,tcp,tls,udp,rtp,srtp,rtsp,rtsps,rtmp,rtmps,crypto");
    grabber.setOption("rtsp_transport", "tcp");
    return new FfmpegReader(grabber, address, limits);
  }

  static FrameReader camera(String name, Limits limits) {
    String number = name.substring(name.indexOf(':') + 1);
    Platform.OperatingSystem system = Platform.operatingSystem();
    boolean isNumbered =
        system == Platform.OperatingSystem.MAC || system == Platform.OperatingSystem.WINDOWS;
    FFmpegFrameGrabber grabber =
        new FFmpegFrameGrabber(isNumbered ? number : "/dev/video" + number);
    grabber.setFormat(
        switch (system) {
          case MAC -> "avfoundation";
          case WINDOWS -> "vfwcap";
          case LINUX, OTHER -> "v4l2";
        });
    return new FfmpegReader(grabber, name, limits);
  }

  @Override
  public @Nullable RgbImage next() {
    try {
      Frame frame = grabber.grabImage();
      return frame == null ? null : image(frame);
    } catch (FrameGrabber.Exception e) {
      throw new ImageException(name + ": a frame cannot be decoded; the video is damaged", e);
    }
  }

  private RgbImage image(Frame frame) {
    int row = 3 * frame.imageWidth;
    byte[] pixels = new byte[row * frame.imageHeight];
    ByteBuffer from = (ByteBuffer) frame.image[0];
    for (int y = 0; y < frame.imageHeight; y++) {
      from.get(y * frame.imageStride, pixels, y * row, row);
    }
    return RgbImage.of(frame.imageWidth, frame.imageHeight, pixels).rotatedClockwise(quarters);
  }

  /** FFmpeg's own message has codes and function names, so it is only the cause. */
  private String unreadable() {
    if (Video.isCamera(name)) {
      return "there is no such camera, or another program uses it";
    }
    return Video.isStream(name)
        ? "the address cannot be reached, or has no video or image that can be read"
        : "this is not a readable video: it is damaged, or its format is not supported";
  }

  @Override
  public double frameRate() {
    double rate = grabber.getVideoFrameRate();
    return rate >= 1 && rate <= 1000 ? rate : 25;
  }

  @Override
  public int frameCount() {
    return Math.max(0, grabber.getLengthInVideoFrames());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        grabber.release();
      } catch (FrameGrabber.Exception e) {
        throw new ImageException(name + ": the video cannot be closed", e);
      }
    }
  }
}
