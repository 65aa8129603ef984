import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from operate.embedded import store


def client(endpoint: str, key: str, secret: str):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        region_name="ap-northeast-1",
        config=Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def test_objects_are_there_again_after_a_stop(tmp_path):
    with store.running(tmp_path) as (endpoint, key, secret):
        s3 = client(endpoint, key, secret)
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="a/b.webp", Body=b"picture")
    with store.running(tmp_path) as (endpoint, key, secret):
        s3 = client(endpoint, key, secret)
        assert s3.get_object(Bucket="bucket", Key="a/b.webp")["Body"].read() == b"picture"


def test_a_wrong_secret_opens_nothing(tmp_path):
    with store.running(tmp_path) as (endpoint, key, _), pytest.raises(ClientError) as refused:
        client(endpoint, key, "guessed").list_buckets()
    assert refused.value.response["Error"]["Code"] == "SignatureDoesNotMatch"
