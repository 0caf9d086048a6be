/**
 * The detections of many images as files that other programs read: tables and lists, data sets for
 * training, and pre-annotations for labeling tools. For one image see {@link ai.irmb.Detections}.
 */
@NullMarked
package ai.irmb.format;

import org.jspecify.annotations.NullMarked;
