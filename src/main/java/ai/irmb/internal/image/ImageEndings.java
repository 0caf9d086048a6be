package ai.irmb.internal.image;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** The file name endings of images, by what can be done with such a file. */
public enum ImageEndings {
  /** Of the formats that are read: see {@link ImageFormat}. */
  READABLE("bmp", "dib", "gif", "jfif", "jpe", "jpeg", "jpg", "mpo", "png", "tif", "tiff", "webp"),

  /** Of image formats that are not read; such a file is an error that names its format. */
  UNREADABLE("avif", "dng", "heic", "heif", "j2k", "jp2", "jxl", "pbm", "pfm", "pgm", "pnm", "ppm"),

  /** Of the formats that are written: see {@link ImageEncoder}. */
  WRITABLE("jpeg", "jpg", "png"),

  /** Of the files that Ultralytics YOLOv5 takes for images of a dataset, readable here or not. */
  YOLOV5("bmp", "dng", "jpeg", "jpg", "mpo", "png", "tif", "tiff", "webp", "pfm");

  // Set.of is immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> endings;

  ImageEndings(String... endings) {
    this.endings = Set.of(endings);
  }

  /** {@return whether the file name has one of these endings, in upper or lower case} */
  public boolean matches(Path file) {
    return matches(String.valueOf(file.getFileName()));
  }

  /** {@return whether the file name has one of these endings, in upper or lower case} */
  public boolean matches(String fileName) {
    return endings.contains(of(fileName));
  }

  /** {@return what follows the last dot of a file name, in lower case; empty without a dot} */
  static String of(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
