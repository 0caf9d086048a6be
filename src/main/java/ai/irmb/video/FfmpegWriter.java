package ai.irmb.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameRecorder;

/** Writes frames with FFmpeg. */
final class FfmpegWriter implements FrameWriter {
  /** Bits per pixel; enough for sharp lines and letters. */
  private static final double BITS_A_PIXEL = 0.2;

  private final Path file;
  private final int width;
  private final int height;
  private final AtomicFile.PendingFile pending;
  private final FFmpegFrameRecorder recorder;
  private final ByteBuffer pixels;
  private boolean released;

  private FfmpegWriter(
      Path file,
      int width,
      int height,
      AtomicFile.PendingFile pending,
      FFmpegFrameRecorder recorder) {
    this.file = file;
    this.width = width;
    this.height = height;
    this.pending = pending;
    this.recorder = recorder;
    this.pixels = ByteBuffer.allocateDirect(3 * width * height);
  }

  static FrameWriter open(Path file, int width, int height, double rate) throws IOException {
    av_log_set_level(AV_LOG_FATAL);
    AtomicFile.PendingFile pending = AtomicFile.begin(file);
    FFmpegFrameRecorder recorder =
        new FFmpegFrameRecorder(
            "file:" + pending.file().toAbsolutePath(), even(width), even(height), 0);
    recorder.setFormat("mp4");
    boolean hasH264 = avcodec_find_encoder(AV_CODEC_ID_H264) != null;
    recorder.setVideoCodec(hasH264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_MPEG4);
    recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
    recorder.setFrameRate(rate);
    recorder.setVideoBitrate(
        (int) Math.min(100e6, Math.max(500e3, BITS_A_PIXEL * rate * width * height)));
    FfmpegWriter writer = new FfmpegWriter(file, width, height, pending, recorder);
    try {
      recorder.start();
    } catch (FrameRecorder.Exception e) {
      writer.close();
      throw writer.failed(e);
    }
    return writer;
  }

  /** The codecs subsample the colors by 2. */
  private static int even(int side) {
    return Math.max(2, side & ~1);
  }

  private ImageException failed(Exception e) {
    return new ImageException(file + ": the video cannot be written; is the disk full?", e);
  }

  @Override
  public void add(RgbImage image) {
    if (image.width() != width || image.height() != height) {
      throw new ImageException(
          file + ": a video of " + width + " x " + height + " pixels cannot take " + image);
    }
    try {
      recorder.recordImage(
          width,
          height,
          Frame.DEPTH_UBYTE,
          3,
          3 * width,
          AV_PIX_FMT_RGB24,
          pixels.clear().put(image.toBytes()).flip());
    } catch (FrameRecorder.Exception e) {
      throw failed(e);
    }
  }

  @Override
  public void finish() throws IOException {
    try {
      recorder.stop();
      release();
    } catch (FrameRecorder.Exception e) {
      throw failed(e);
    }
    pending.finish();
  }

  private void release() throws FrameRecorder.Exception {
    if (!released) {
      released = true;
      recorder.release();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      release();
    } catch (FrameRecorder.Exception e) {
      throw failed(e);
    } finally {
      pending.close();
    }
  }
}
