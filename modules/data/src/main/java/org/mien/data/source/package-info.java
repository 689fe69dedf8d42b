/**
 * Where faces come from. Each variant of {@link org.mien.data.source.DatasetConfig} opens a folder
 * or renders faces, and gives a {@link org.mien.data.manifest.FaceManifest}; decoding and splitting
 * do not belong here.
 */
package org.mien.data.source;
