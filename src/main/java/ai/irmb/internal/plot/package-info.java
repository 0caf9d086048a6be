/** What a validation found, as images. Needs XChart, which an application adds if it wants them. */
@org.jspecify.annotations.NullMarked
package ai.irmb.internal.plot;
