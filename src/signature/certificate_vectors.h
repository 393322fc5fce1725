// Messages as AWS SNS and PayPal sign them, under certificates made for these tests by
//
//   openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=... -days 36500
//   openssl dgst -sha256 -sign key.pem
//
// since the private keys of the real ones are theirs. The formats are those of the providers' pages
// on verifying signatures.
#pragma once

#include <string_view>

namespace sluice::signature::vectors {

// CN=sns.amazonaws.com, RSA-2048, valid from 2026-11-21 to 2126-10-28.
inline constexpr std::string_view kSnsCertificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDXzCCAkegAwIBAgIUE9wiTD85hc3HOWh40lmdVTWVRfIwDQYJKoZIhvcNAQEL\n"
    "BQAwPjELMAkGA1UEBhMCVVMxEzARBgNVBAoMCkFtYXpvbi5jb20xGjAYBgNVBAMM\n"
    "EXNucy5hbWF6b25hd3MuY29tMCAXDTI2MTEyMTE2MjcyMloYDzIxMjYxMDI4MTYy\n"
    "NzIyWjA+MQswCQYDVQQGEwJVUzETMBEGA1UECgwKQW1hem9uLmNvbTEaMBgGA1UE\n"
    "AwwRc25zLmFtYXpvbmF3cy5jb20wggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK\n"
    "AoIBAQCV8+EV9SpXQqn1qaTP8Zbbzm2yur3M2SIqDT2eKr798jcRgfE5w5RtvA2A\n"
    "Fe5Q+lFyxjTtnJPf4TLWZG5QHPOcokvwTfc0bkxH0G4Kc/uLWlGnMjhwnOpv8F0X\n"
    "BbP6E2dvB9IOADT6go2bltwI59Ow6lBLjzKV4e5f27sISsRipZRK1VBfJ2E5ybe2\n"
    "3nY+fBhL7Hgze425IG7reMLTeDexnoWKqp5VjgJF3DThh8EXEEhY6if5MruLBy0W\n"
    "FB6oer5Smoer5KbhPbeiQUDErZZIoVoQdHeqTFeYnIpoM6ogl7BVqGqtTwMmFGni\n"
    "m47r00uo/Qt9qDxNTSEajQ8sa7tdAgMBAAGjUzBRMB0GA1UdDgQWBBTxE+j2Tm8E\n"
    "aOKoM6sN5eUI9osFSzAfBgNVHSMEGDAWgBTxE+j2Tm8EaOKoM6sN5eUI9osFSzAP\n"
    "BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBluBgZviBKPvodlva4\n"
    "rq31TTLuzGE5Zo+oH3Jyh0ebGoh/cLCIFNl5MW65f0ibZzbtPy1Xvhrz72OOqVzf\n"
    "sJOn9tKJcv0LXcWKbEFMEMqk1PnZOn4N9cUcDqYVTdxnzoXxDrtIPBh/fX1xuHuX\n"
    "K7wcYogxx25ex4D5cTFnZ4THENtzOMgLVOjb10wZoQ99fNU4aueWzZdexXh2hznC\n"
    "3Xjp0jCnji4QOAMmmbafPwIKonDtadwtpxwjtr7VRGTpc50pB8HZ19kxMy1UB765\n"
    "CfLaWpG4kWeAKB8bZ44jkDS0MZdFPYEpfkISGEynthZ6hS5t+PGaFKAJS92KkxNi\n"
    "TF78\n"
    "-----END CERTIFICATE-----\n";

// CN=messageverificationcerts.paypal.com, likewise.
inline constexpr std::string_view kPaypalCertificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDkzCCAnugAwIBAgIUO8XExx1IbnGVBCqhK+GpIRpcDvswDQYJKoZIhvcNAQEL\n"
    "BQAwPzEPMA0GA1UECgwGUGF5UGFsMSwwKgYDVQQDDCNtZXNzYWdldmVyaWZpY2F0\n"
    "aW9uY2VydHMucGF5cGFsLmNvbTAgFw0yNjExMjExNjI3MjNaGA8yMTI2MTAyODE2\n"
    "MjcyM1owPzEPMA0GA1UECgwGUGF5UGFsMSwwKgYDVQQDDCNtZXNzYWdldmVyaWZp\n"
    "Y2F0aW9uY2VydHMucGF5cGFsLmNvbTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC\n"
    "AQoCggEBAMMzo+qD0qRqL0QGKIUt/UgyJeKG/iNkOsMBsHy50eSEy0Dwfwf5nCsh\n"
    "8RPP1daQ9qtJuALAK7Xkvy21Pg3a21nlGFu1nj7erhKoxYTcthmxs1bAcQLC9MWb\n"
    "zLvzPbopMt4KTD9ZK2pUn8pl9hDbQ6O4WuK705ipOMmSEsyJJ/Rld+zb4NJljIBo\n"
    "hS/nfENa8gtarmI/bNvigLr+ylCBOARwyf4502yrCWKuAlISd8GBFZhmUQjwwEVe\n"
    "DqKQsW6hTdfjASjxZmCSfNSnRL16X4xaAwvk12QOZKYMlcUHW9WQGvYvoDirk2I1\n"
    "GUmd3wiDx3fvGGrzBSNZEnNV4KYnFssCAwEAAaOBhDCBgTAdBgNVHQ4EFgQU7qKg\n"
    "relqh8x1tJYDC5nONQ9fmewwHwYDVR0jBBgwFoAU7qKgrelqh8x1tJYDC5nONQ9f\n"
    "mewwDwYDVR0TAQH/BAUwAwEB/zAuBgNVHREEJzAlgiNtZXNzYWdldmVyaWZpY2F0\n"
    "aW9uY2VydHMucGF5cGFsLmNvbTANBgkqhkiG9w0BAQsFAAOCAQEAeSSb7vz6m6oe\n"
    "7DWIk+PSKS8Z3mfWUfFThwYOapB1DO0iXJSxMyyYJHCrq6AJI+At5RmCf2SNl/fc\n"
    "ZH4Mer3MwYpBvpHgl7yAwxS5OHX5eevK7b0K/vn+OSGnErHxiKC8+qXqYvT7Hf5e\n"
    "ixv2pF7G2EmEN8sCZ6zYS/B+9r+YHZQLqsmJ6+DKlGSBdE+ws07cVrTiVq1ckaXF\n"
    "rNQBg4oBnWKbA0HE3XeQ3HBmPIC808pPtMVQmAUTdGgApM6SWo5ojUA9AT61HKeE\n"
    "GbIGY8uDkmVvtC0gDFqqmqHcAstArz8vpP8EHMdswlD0/I1II7GDiHCbrPcHwW4h\n"
    "J320ytxQrA==\n"
    "-----END CERTIFICATE-----\n";

// A notification with a subject, version 1.
inline constexpr std::string_view kSnsNotificationSha1 =
    "E4MTtG1nO+cpxDmmHoKpE2tPeYx4/mOTK9Y4zopj1OdJaIN9pcRMb/hoqHxSLaz2qPfOUH9rncsEa0+z"
    "vHeslRTjG+QTwduLpaED2d8tAtL8kNSm4nNsw1uDwNpOfn6C8C5BwPYU3kWkePfxzXNr6rsO5KXMXcTP"
    "NchlfpaeVctv04uLjew4133kqwswENanUiUCLSjKjXeumWRqC/bmfnYdqpMP2xZ7yuN6kmlq2NtNA4O4"
    "7WoBk6FNnyk4jA3dkv7iV2dXBd4+OCpLt/BRPg3x8wGvmN8eHenOUj4Dw40s/kGJXcPdnxF3CgUKcI7x"
    "UYpgxaSjQlxsZX18rO9g+A==";

// The same, version 2.
inline constexpr std::string_view kSnsNotificationSha256 =
    "UPGiP6zeclzL7Df71vz3FPxE2gQySFBaBmPXFTQmuuFMm69DjVqFQNPITdxxExG48PQD2FqzI8zqYmwg"
    "awelYKbbqChkL6+Qvu5SE5U2uMUx1wvO/OV5om8P1kGCZlKS13ZINdUpdsuzqZbSGWwsqhNOOoHxRIAj"
    "oVY5akBv5Tq+MitQr845DelKU6s+MxI/pXakQxOE87wTH+U2dUTgnMM1ODOBiNpXp6jsZvXkaNxD6alZ"
    "m9WgMr9NyBWv2q6Td/RxMqQKfSBnz7E4ZigO4q8rer7CRg4WhGRxKsq808KCuyJCiDKA5XVDMsPR8QPV"
    "eqn3BtKOkYNgcAHCWWjr0A==";

// Without its subject, version 2.
inline constexpr std::string_view kSnsWithoutSubject =
    "TYqGMLEskW5s35i5D7CxUOfqWAnRSLs8+lZ6OqOre3RVj7/8+Bq/rb3JiPU97KqmjY+EQcdKTyEdbURz"
    "QA4VioXUFIUwmGTuPuu0k8BUNe1OOdQEKu+L8385tiQruqpYiqcXVGcuubFoVJZNzHHNJkovykTeUIoN"
    "5AqDQYZJTYLiC084WnIZ/5xUiUYSspodrryKAyDVpWlltdxjk23pYWv5yi9Z0s0bQjW4N4bCHLjvpU8y"
    "trv0fQARP0LIxGcEN6rscAi93hnA8PoUFMJic7x5GJi32+XN2/JBN9/+0i+LawKbs7n0Uqo15kjFmIku"
    "iKgcbDiwTEOigYBQXsoPtw==";

// A confirmation of a subscription, version 2.
inline constexpr std::string_view kSnsConfirmation =
    "bDEQrNq5tN9kxYky9+AziPT6cskRRzKcqYed6GrZN5BWn6gqPvEZw3ZW24po+gpaxkiv1QGD55uSKFU5"
    "yQ9eUMnAW3i+n8syA4iKZf44QkRy7K3AvpyXQjcCJQ6jWUE9xreGwyUZiYBfcOFtSBG8HGVSJ9Qqeltc"
    "mgQ67zfsEovt/lnhRIYCSmDccGya74+x3IYxfxTwY4YJER7LtVGSX3qrPXtfTQmyLAWLV4uBx/B6x145"
    "/cjEXyJgPG3f5c0WBQXZ+m5tXqEkfSK/KGrwyAaFYVp4yV/ENqlcHGfcSMCB0ZbLV/j0mIx+Bu0Ys1gK"
    "FZabABSc1n2mEVFbVzqDRw==";

// PayPal's transmission over the CRC-32 of the body.
inline constexpr std::string_view kPaypalSignature =
    "CZnVOSoEZfT5tQO2MUpieLqNXuEe1LplriQg11fADNW+Ux+vsNmBaB6/6vD4xfmtK9wPSZa25fw5owck"
    "k0UKjmfYQbZdSXN8fWLJcN1rE0rXdBEtBpLjD0aoPo0bwqBMm8jUksqabYLHN51deZlILYTA6Na/mo8u"
    "zIg8gxNahYO1OWnSMsqsUQw27GxTSU8b9kv4uQkpNVHGSLO//M6xsdmfa2ke6AwVdP+/MxZyKhvmUvCv"
    "4LEfTXeL0IzYshEeZ4FkODy1aA8YXZXkorglKAylFCVHqsb5pH3sKpRTtd1Q21GvH8BzeQ26drNHiSl5"
    "u1m5dQVotiattNVoeDfBwQ==";

}  // namespace sluice::signature::vectors
