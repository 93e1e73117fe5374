"""GDAL, as rasterio brings it along, reads and writes rasters in blobs."""

import os

import numpy
import pytest
import rasterio
from rasterio.shutil import copy, delete

SIDE = 1024


@pytest.fixture(autouse=True)
def gdal(account):
    # What GDAL learnt of the blobs of one test is nothing for the next.
    with rasterio.Env(
        AZURE_STORAGE_CONNECTION_STRING=account.connection_string,
        CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE=True,
        VSI_CACHE=False,
        CPL_VSIL_CURL_NON_CACHED="/vsiaz/",
    ):
        yield


@pytest.fixture
def raster():
    return numpy.random.default_rng(1).integers(0, 255, (3, SIDE, SIDE), dtype="uint8")


def write(place, raster, **more):
    shape = {"width": SIDE, "height": SIDE, "count": len(raster), "dtype": raster.dtype}
    with rasterio.open(place, "w", driver="GTiff", **shape, **more) as file:
        file.write(raster)


def test_a_raster_is_read_whole_and_by_windows(container, raster):
    place = f"/vsiaz/{container}/deep/a.tif"
    write(place, raster, tiled=True, compress="deflate")
    with rasterio.open(place) as file:
        assert (file.read() == raster).all()
        window = rasterio.windows.Window(300, 400, 50, 60)
        assert (file.read(2, window=window) == raster[1, 400:460, 300:350]).all()


def test_a_cloud_optimized_copy_is_made_and_deleted(account, container, raster):
    place = f"/vsiaz/{container}/a.tif"
    write(place, raster)
    copy(place, f"/vsiaz/{container}/b.tif", driver="COG")
    with rasterio.open(f"/vsiaz/{container}/b.tif") as file:
        assert file.overviews(1) and (file.read() == raster).all()
    delete(place)
    blobs = account.service.get_container_client(container)
    assert list(blobs.list_blob_names()) == ["b.tif"]


def test_a_signature_opens_what_it_was_given_for(account, container, raster, tmp_path):
    here = tmp_path / "a.tif"
    write(here, raster)
    blob = account.service.get_blob_client(container, "a.tif")
    blob.upload_blob(here.read_bytes())
    sas = account.shown["sas"]
    with rasterio.Env(AZURE_STORAGE_CONNECTION_STRING=f"BlobEndpoint={account.url};SharedAccessSignature={sas}"):
        with rasterio.open(f"/vsiaz/{container}/a.tif") as file:
            assert (file.read() == raster).all()
        with pytest.raises(rasterio.errors.RasterioIOError):
            rasterio.open(f"/vsiaz/{container}/none.tif")
