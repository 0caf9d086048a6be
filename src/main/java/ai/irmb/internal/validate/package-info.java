/**
 * Measures a model's accuracy on labeled images, by the rules of Ultralytics YOLOv5 7.0's {@code
 * val.py}.
 */
@org.jspecify.annotations.NullMarked
package ai.irmb.internal.validate;
