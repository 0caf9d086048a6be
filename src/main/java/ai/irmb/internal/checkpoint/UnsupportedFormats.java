package ai.irmb.internal.checkpoint;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.weights.WeightFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Recognizes unsupported file formats by their first bytes, to name them in the error message. */
final class UnsupportedFormats {
  private static final int HEAD_BYTES = 512;
  private static final String EXPECTED =
      "; a checkpoint of torch.save (.pt) or a safetensors file is expected";

  /** Descriptions by the bytes at offset 0, as Latin-1 text. */
  private static final Map<String, String> BY_PREFIX = new LinkedHashMap<>();

  static {
    BY_PREFIX.put("version https://git-lfs", "a Git LFS pointer; run git lfs pull to get the file");
    BY_PREFIX.put("version https://hawser", "a Git LFS pointer; run git lfs pull to get the file");
    BY_PREFIX.put("\u0089HDF\r\n\u001a\n", "an HDF5 file (Keras)");
    BY_PREFIX.put("GGUF", "a GGUF file");
    BY_PREFIX.put("ggml", "a GGML file");
    BY_PREFIX.put("\u0093NUMPY", "a NumPy array");
    BY_PREFIX.put("\u001f\u008b", "a gzip file; unpack it first");
    BY_PREFIX.put("BZh", "a bzip2 file; unpack it first");
    BY_PREFIX.put("\u00fd7zXZ\0", "an xz file; unpack it first");
    BY_PREFIX.put("(\u00b5/\u00fd", "a zstd file; unpack it first");
    BY_PREFIX.put("7z\u00bc\u00af'\u001c", "a 7z archive; unpack it first");
    BY_PREFIX.put("Rar!", "a RAR archive; unpack it first");
    BY_PREFIX.put("PK\u0005\u0006", "an empty zip archive");
    BY_PREFIX.put("PK\u0007\u0008", "one volume of a split zip archive");
    BY_PREFIX.put("\u0089PNG", "a PNG image");
    BY_PREFIX.put("\u00ff\u00d8\u00ff", "a JPEG image");
    BY_PREFIX.put("%PDF", "a PDF document");
    BY_PREFIX.put("ftrt", "a TensorRT engine");
    BY_PREFIX.put("ptrt", "a TensorRT engine");
  }

  private UnsupportedFormats() {}

  /** {@return the error that names the format of the file} */
  static WeightsException error(WeightFile file) {
    return new WeightsException(file.name() + ": " + describe(file) + EXPECTED);
  }

  private static String describe(WeightFile file) {
    if (file.size() == 0) {
      return "the file is empty";
    }
    String head = head(file);
    for (Map.Entry<String, String> format : BY_PREFIX.entrySet()) {
      if (head.startsWith(format.getKey())) {
        return "this is " + format.getValue();
      }
    }
    if (head.startsWith("ustar", 257)) {
      return "this is a tar archive; torch's own old tar format is not supported either";
    }
    if (head.startsWith("TFL3", 4)) {
      return "this is a TensorFlow Lite model";
    }
    if (head.startsWith("PTMF", 4)) {
      return "this is a TorchScript program for mobile devices, not a checkpoint";
    }
    return describeTextOrBinary(file, head);
  }

  private static String describeTextOrBinary(WeightFile file, String head) {
    String text = head.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
      return "this is an HTML page, perhaps from a download that needed a login or confirmation";
    }
    if (text.startsWith("<?xml") || text.startsWith("<")) {
      return "this is XML or HTML text";
    }
    if (head.charAt(0) == '\u0080' && head.length() > 1 && head.charAt(1) <= 5) {
      return "this is a pickle, but not one that torch.save wrote";
    }
    if (hasOnnxFields(head)) {
      return "this is an ONNX model, not a checkpoint";
    }
    if (hasZipEndRecord(file)) {
      return "other data precedes the zip archive at the end of this file";
    }
    if (head.chars().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || (c >= ' ' && c < 0x7F))) {
      return "this is text: " + Quoting.quote(head);
    }
    return file.name().endsWith(".safetensors")
        ? "the first bytes are not those of a safetensors file, whose header is a JSON object"
        : "its first bytes match no known format";
  }

  /** {@return whether this is a protocol buffer with an IR version, followed by a field of ONNX} */
  private static boolean hasOnnxFields(String head) {
    return head.length() > 3
        && head.charAt(0) == 0x08
        && head.charAt(1) <= 0x20
        && (head.charAt(2) == 0x12 || head.charAt(2) == 0x3A || head.charAt(2) == 0x42);
  }

  private static boolean hasZipEndRecord(WeightFile file) {
    int size = (int) Math.min(file.size(), 22 + 0xFFFF);
    ByteBuffer tail = file.slice(file.size() - size, size);
    for (int at = size - 22; at >= 0; at--) {
      if (tail.getInt(at) == 0x06054B50) {
        return true;
      }
    }
    return false;
  }

  private static String head(WeightFile file) {
    byte[] head = new byte[(int) Math.min(file.size(), HEAD_BYTES)];
    file.slice(0, head.length).get(head);
    return new String(head, StandardCharsets.ISO_8859_1);
  }
}
