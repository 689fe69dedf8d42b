/**
 * A parametric renderer of faces: who somebody is ({@link
 * org.mien.data.source.synthetic.IdentityParameters}), what may differ between two pictures of them
 * ({@link org.mien.data.source.synthetic.NuisanceParameters}), and the renderer that turns both
 * into pixels. Everything is a pure function of the seed, bit for bit on every machine: there is no
 * image asset, no AWT, and no {@code Math} function whose result may depend on the processor.
 *
 * <p>Model space: x to the right of the picture, y up, z towards the camera; the unit is about half
 * the width of a head (75 mm), the eyes lie near y = 0, the chin near -1.5, the crown near 1.5.
 */
package org.mien.data.source.synthetic;
