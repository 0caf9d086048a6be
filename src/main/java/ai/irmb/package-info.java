/**
 * Object detection with models of Ultralytics YOLOv5 (<i>upstream</i>), with or without iRMB
 * attention. Start with {@link ai.irmb.Detector}.
 */
@NullMarked
package ai.irmb;

import org.jspecify.annotations.NullMarked;
