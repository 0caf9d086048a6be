/**
 * Options and results of a validation: precision, recall, mAP, curves and the confusion matrix.
 * <em>YOLOv5</em> is Ultralytics YOLOv5 7.0, whose {@code val.py} this follows.
 */
@NullMarked
package ai.irmb.validate;

import org.jspecify.annotations.NullMarked;
