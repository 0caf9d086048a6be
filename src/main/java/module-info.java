/**
 * Object detection with a trained YOLOv5, plain or with iRMB attention.
 *
 * <p>{@link ai.irmb.Detector} is the entry point. {@code ai.irmb.block}, {@code ai.irmb.ops} and
 * {@code ai.irmb.tensor} are the service interface for blocks of an application's own. Everything
 * else is internal.
 */
// DJL's jars are automatic modules: their names come from their manifests.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module ai.irmb {
  requires ai.djl.api;
  requires ai.djl.pytorch_engine;
  requires com.google.gson;
  requires com.sun.jna;
  requires transitive java.desktop;
  requires static transitive org.jspecify;
  requires org.slf4j;
  requires org.yaml.snakeyaml;

  // Optional: charts of a validation, videos and cameras, the command line.
  requires static org.knowm.xchart;
  requires static org.bytedeco.ffmpeg;
  requires static org.bytedeco.javacpp;
  requires static org.bytedeco.javacv;
  requires static info.picocli;

  // Readers of WebP and TIFF, and of an application's own formats.
  uses ai.irmb.image.ImageDecoder;
  uses javax.imageio.spi.ImageReaderSpi;

  exports ai.irmb;
  exports ai.irmb.block;
  exports ai.irmb.draw;
  exports ai.irmb.error;
  exports ai.irmb.format;
  exports ai.irmb.image;
  exports ai.irmb.limit;
  exports ai.irmb.ops;
  exports ai.irmb.tensor;
  exports ai.irmb.track;
  exports ai.irmb.validate;
  exports ai.irmb.video;

  opens ai.irmb.internal.cli to
      info.picocli;
}
