package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.image.RgbImage;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** What OpenCV makes of an image: its size and some of its pixels. */
public final class ImageOracle {
  private ImageOracle() {}

  /** Fails unless the image is what a manifest's oracle says. */
  public static void check(JsonObject oracle, RgbImage image) {
    assertEquals(oracle.get("width").getAsInt(), image.width());
    assertEquals(oracle.get("height").getAsInt(), image.height());
    int tolerance = oracle.get("tolerance").getAsInt();
    for (JsonElement element : oracle.getAsJsonArray("bgr")) {
      JsonObject pixel = element.getAsJsonObject();
      int rgb = image.rgb(pixel.get("x").getAsInt(), pixel.get("y").getAsInt());
      JsonArray bgr = pixel.getAsJsonArray("value");
      for (int c = 0; c < 3; c++) {
        if (Math.abs(bgr.get(c).getAsInt() - ((rgb >> (8 * c)) & 0xFF)) > tolerance) {
          fail(String.format("%s: found %06x", pixel, rgb));
        }
      }
    }
  }
}
