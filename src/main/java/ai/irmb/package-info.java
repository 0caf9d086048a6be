/**
 * Detection with a trained YOLOv5, plain or with iRMB attention: {@link ai.irmb.Detector} is the
 * way in.
 */
@NullMarked
package ai.irmb;

import org.jspecify.annotations.NullMarked;
