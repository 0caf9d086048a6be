package ai.irmb.internal.image;

import ai.irmb.image.ImageDecoder;
import ai.irmb.image.RgbImage;
import java.io.IOException;

/** Reads the first image of a TIFF with TwelveMonkeys. */
final class TiffDecoder implements ImageDecoder {
  private static final TwelveMonkeys PLUG_IN =
      new TwelveMonkeys(
          "imageio-tiff", "com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi");

  @Override
  public String format() {
    return "TIFF";
  }

  @Override
  public boolean accepts(byte[] head) {
    return TiffHeader.isTiff(head);
  }

  @Override
  public Size size(byte[] file) throws IOException {
    PLUG_IN.require();
    TiffHeader header = TiffHeader.read(file);
    return header.orientation().swapsAxes()
        ? new Size(header.height(), header.width())
        : new Size(header.width(), header.height());
  }

  @Override
  public RgbImage decode(byte[] file) throws IOException {
    return TiffHeader.read(file).orientation().toUpright(PLUG_IN.read(file));
  }
}
