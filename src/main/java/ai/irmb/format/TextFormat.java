package ai.irmb.format;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.internal.file.AtomicTextFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;

/** The formats that are one text for all images. {@link YoloFolder} is a folder. */
public enum TextFormat {
  /** A JSON list with one object per image: its names, then {@link Detections#toJson()}. */
  JSON {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new JsonDocument(out, options, false);
    }
  },
  /** The objects of {@link #JSON}, each on a line of its own that is passed on at once. */
  NDJSON {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new JsonDocument(out, options, true);
    }
  },
  /**
   * A table with one row per detection: {@code
   * image,class,label,confidence,x1,y1,x2,y2,track,frame}, the image by its path; see {@link
   * Detections#toCsv()}.
   */
  CSV {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new CsvDocument(out);
    }
  },
  /**
   * COCO's result format: a list with one object per detection. The id of an image is its name, or
   * a number if its last part is one; see {@link Detections#toCocoResults(String)}.
   */
  COCO_RESULTS {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new CocoResultsDocument(out, options);
    }
  },
  /**
   * COCO's data set format: images, annotations, categories. Images and annotations are numbered
   * from 1; a category's id is the class id plus 1, as COCO's start at 1. The name of an image's
   * file is its {@link ImageEntry#relativePath}. The segmentation of a mask is its polygons or, if
   * it has holes, compressed RLE.
   */
  COCO_DATASET {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new CocoDatasetDocument(out, options);
    }
  },
  /**
   * Tasks of Label Studio with predictions: {@code rectanglelabels} named {@code label}, or {@code
   * polygonlabels} named {@code polygon}, of an image named {@code image}.
   */
  LABEL_STUDIO {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new LabelStudioDocument(out, options);
    }
  },
  /**
   * CVAT's XML for images, version 1.1, with boxes and masks. An image is named by its {@link
   * ImageEntry#relativePath}.
   */
  CVAT {
    @Override
    TextDocument document(Writer out, WriteOptions options) {
      return new CvatDocument(out, options);
    }
  };

  abstract TextDocument document(Writer out, WriteOptions options);

  /**
   * {@return a writer to a file, which appears when it is complete; its folder is created}
   *
   * @throws IOException if the file cannot be written
   */
  public DetectionWriter create(Path file) throws IOException {
    return create(file, WriteOptions.DEFAULTS);
  }

  /**
   * {@return a writer to a file, which appears when it is complete; its folder is created}
   *
   * @throws IOException if the file cannot be written
   */
  public DetectionWriter create(Path file, WriteOptions options) throws IOException {
    AtomicTextFile target = AtomicTextFile.open(requireNonNull(file, "file"));
    TextDocument document = document(target, requireNonNull(options, "options"));
    return new DetectionWriter() {
      @Override
      public void add(ImageEntry image, Detections detections) throws IOException {
        document.add(image, detections);
      }

      @Override
      public void finish() throws IOException {
        document.finish();
        target.finish();
      }

      @Override
      public void close() throws IOException {
        target.close();
      }
    };
  }

  /** {@return a writer to a stream; see {@link #create(Writer, WriteOptions)}} */
  public DetectionWriter create(Writer out) {
    return create(out, WriteOptions.DEFAULTS);
  }

  /**
   * {@return a writer to a stream, such as an HTTP response}
   *
   * @param out flushed when the text is complete, or after each line of {@link #NDJSON}; stays open
   */
  public DetectionWriter create(Writer out, WriteOptions options) {
    return document(requireNonNull(out, "out"), requireNonNull(options, "options"));
  }
}
