// Written by native-tests/key_vectors.sh. Nothing but tests uses these keys.
#pragma once

namespace sluice::crypto::vectors {
// clang-format off

inline constexpr char kRsaPrivate[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQChU5z9hPcK59P0\n"
    "8rDRUuKExk18oYH+7g11FczlDWYJ+X4AWOFiNqXmO/1DwI+8aci4nMEReeVjzBj3\n"
    "FCbDy6l+orP9Q6vBV7H0X9tUCGt8uJs0623SHOHGqrnQxEk5G2zUFxwiZmZ212y2\n"
    "m0lSHB/nKcMobf+3ep0dUiyWRTKcL2SfHmBzwmGjS/q6zUmux1LHqWZ7zMRhpmmM\n"
    "Ve7RCBksovP+hx0Uc0n70dQ0GL+fc4IxKsXcezIyrmaJBNyMWt1dvYp/0hNuDec+\n"
    "onFVxbkEzSEoxIxop1PQzanwYYXAs+HQiqdArmjKNE3rQqdg67tsq+wleZqyP3+Q\n"
    "PK/g1tZ9AgMBAAECggEATuh+X9SDH17wYh241dIEQOxb50t6Ma7Pf0cH/rs0f0l8\n"
    "03+l0iunrrsF8HdF9uMJDh+CIeGtDUi9p1DAe0FpKKs9fXH1ly6lOMIQHgS2Sn1j\n"
    "URmckEqXNly4YYA4zol3DDA3jy3mDVfmcVT4IoTmJ+PZ9LMFAoIjSj2w2FmFXTXc\n"
    "BvQylO8SrIOWUxHP7knEvb6cKC+2G4Mhh2NUs8WZi1HSzzmA9lW3Xyu2dFupqa3w\n"
    "YYr5DaRrAFz9vr5SRqhehtjL/mnd90izvpL8aIH/UjZKVy0qI1HzTzDB1hEBkHRU\n"
    "moWveCBEYSLBDeT+CDHMg2Xq/9UbQqR8685OWC3IIwKBgQDX6FpLf6Mptl4TQp43\n"
    "5EUSFzo+1kMwDjYAlPnecElGwIZ1p2aCwSz4/ICM0PnAgrUTXiX7zwOGvk2u2wfp\n"
    "TJaKf37rQg/WeBbEJvQEXNsbGTd2CijQNoT2pKH23L8hSSAixI3cxSPdzyq4K319\n"
    "rtiB1IkUdxeyKPcplY5A1V4tvwKBgQC/SKGT0QeSE5J76SejbPgtCgcrAqtAKoYv\n"
    "FiOtUyunmOQEuAlp3uEN6yfhs/bEIcAY+CbHDYog6qge7DYtxIwkx0IFe3PuT99C\n"
    "HdIjzqmaXmWJFjwdTbSpQ3EaWdqT9QEi1sP1JGDjGLiMSMnEeUJNOgYc944AzNju\n"
    "vGZLLuGCwwKBgCIbeZAttKfVQF1Ii9gGfobSFohwrqJ7zDohTqu+D0VXCqaxcDc9\n"
    "rw4STXhxVtL7kwFhQRzbYhI6I+l4fnJzf+CXLYSapgfaZrZL9QZvaMmKHUHPbw0d\n"
    "X7na3h8yVhs7AxGa/VIf7n+Ox4/ahvOA2IECAzmxapPhdtIh5xwE2ODfAoGAagQ0\n"
    "YXvSCVlFr92atY44wqWzMVhqV8b51fEcVv0ozdwETMU/mmkILTGvSf33f98A3BX1\n"
    "UA+mBfZotbLPmHA+CEhTxDwXFfc40yk6BdSN1dwJxIAJU2h0//c8IZG5fpWlSozj\n"
    "0OOXu2ZBKqdRBM78O1c0eiuOjcz7Ut4ih/r0zAcCgYEAqE4rWrkMDjlei4inYzsp\n"
    "Xz/Bnzf+9jzJaPu7KMlwWpsggJQthWm5eaZ64Fe8Nxuwn4Bd4GfsmguFcLTFmb8Q\n"
    "3mMFKpG7HpdeZ9wAOYNGH5kPBu02yPqKglAFqiAvBMPi0oZCRpbVKm9bVvtwQvCG\n"
    "jnNkUBvK9TjhSjSHo8G6zTs=\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr char kRsaPrivatePkcs1[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEowIBAAKCAQEAoVOc/YT3CufT9PKw0VLihMZNfKGB/u4NdRXM5Q1mCfl+AFjh\n"
    "Yjal5jv9Q8CPvGnIuJzBEXnlY8wY9xQmw8upfqKz/UOrwVex9F/bVAhrfLibNOtt\n"
    "0hzhxqq50MRJORts1BccImZmdtdstptJUhwf5ynDKG3/t3qdHVIslkUynC9knx5g\n"
    "c8Jho0v6us1JrsdSx6lme8zEYaZpjFXu0QgZLKLz/ocdFHNJ+9HUNBi/n3OCMSrF\n"
    "3HsyMq5miQTcjFrdXb2Kf9ITbg3nPqJxVcW5BM0hKMSMaKdT0M2p8GGFwLPh0Iqn\n"
    "QK5oyjRN60KnYOu7bKvsJXmasj9/kDyv4NbWfQIDAQABAoIBAE7ofl/Ugx9e8GId\n"
    "uNXSBEDsW+dLejGuz39HB/67NH9JfNN/pdIrp667BfB3RfbjCQ4fgiHhrQ1IvadQ\n"
    "wHtBaSirPX1x9ZcupTjCEB4Etkp9Y1EZnJBKlzZcuGGAOM6JdwwwN48t5g1X5nFU\n"
    "+CKE5ifj2fSzBQKCI0o9sNhZhV013Ab0MpTvEqyDllMRz+5JxL2+nCgvthuDIYdj\n"
    "VLPFmYtR0s85gPZVt18rtnRbqamt8GGK+Q2kawBc/b6+UkaoXobYy/5p3fdIs76S\n"
    "/GiB/1I2SlctKiNR808wwdYRAZB0VJqFr3ggRGEiwQ3k/ggxzINl6v/VG0KkfOvO\n"
    "TlgtyCMCgYEA1+haS3+jKbZeE0KeN+RFEhc6PtZDMA42AJT53nBJRsCGdadmgsEs\n"
    "+PyAjND5wIK1E14l+88Dhr5NrtsH6UyWin9+60IP1ngWxCb0BFzbGxk3dgoo0DaE\n"
    "9qSh9ty/IUkgIsSN3MUj3c8quCt9fa7YgdSJFHcXsij3KZWOQNVeLb8CgYEAv0ih\n"
    "k9EHkhOSe+kno2z4LQoHKwKrQCqGLxYjrVMrp5jkBLgJad7hDesn4bP2xCHAGPgm\n"
    "xw2KIOqoHuw2LcSMJMdCBXtz7k/fQh3SI86pml5liRY8HU20qUNxGlnak/UBItbD\n"
    "9SRg4xi4jEjJxHlCTToGHPeOAMzY7rxmSy7hgsMCgYAiG3mQLbSn1UBdSIvYBn6G\n"
    "0haIcK6ie8w6IU6rvg9FVwqmsXA3Pa8OEk14cVbS+5MBYUEc22ISOiPpeH5yc3/g\n"
    "ly2EmqYH2ma2S/UGb2jJih1Bz28NHV+52t4fMlYbOwMRmv1SH+5/jseP2obzgNiB\n"
    "AgM5sWqT4XbSIeccBNjg3wKBgGoENGF70glZRa/dmrWOOMKlszFYalfG+dXxHFb9\n"
    "KM3cBEzFP5ppCC0xr0n993/fANwV9VAPpgX2aLWyz5hwPghIU8Q8FxX3ONMpOgXU\n"
    "jdXcCcSACVNodP/3PCGRuX6VpUqM49Djl7tmQSqnUQTO/DtXNHorjo3M+1LeIof6\n"
    "9MwHAoGBAKhOK1q5DA45XouIp2M7KV8/wZ83/vY8yWj7uyjJcFqbIICULYVpuXmm\n"
    "euBXvDcbsJ+AXeBn7JoLhXC0xZm/EN5jBSqRux6XXmfcADmDRh+ZDwbtNsj6ioJQ\n"
    "BaogLwTD4tKGQkaW1SpvW1b7cELwho5zZFAbyvU44Uo0h6PBus07\n"
    "-----END RSA PRIVATE KEY-----\n";

inline constexpr char kRsaEncrypted[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQI2W+ha6IZ6xUCAggA\n"
    "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBC3I8VuUm0vxE1wmMUuEcldBIIE\n"
    "0PRQdmmtzA3hCa0l+FR4HLKXHucupTeGKtxHtKaDwzCRUEjIuXSIozK8olxIn7iH\n"
    "6N0QWMgcD63tmIyJAdwPthomXuNL4PaX/2EAflg6on/NGMp8PcEoJL1NEf8FJQd5\n"
    "QGHV9kTwbJCnUJk7hlMwbHU3k/A5OoK3ESem141vSjkNr3YEUFWzvpQC80Foti8Y\n"
    "yjj+73wrWmxBk4Lm0YAU/7q+bUtdiCOuPN4BP5OlnAFo1XnGpWoLXX3N7TWKhoVf\n"
    "ftbaTyJH3kfgEdCG7WoT7UWUGhNUy1PPLlEK26gGZRSs8v1Emrf0hegA+q7aQTNZ\n"
    "1x4RsAiSSsI2cQ4GjG2IpJ+b9XzMrD2NpxdQTm2hiUZsayAjWhDnKKUehvac/Igk\n"
    "PTGaSRaWx9+ifXAxXE9mwrTRchpx9GW/YLeb4i9DRHRFG8jK42EOakEJu4LPiWqx\n"
    "aSBnj6sKqhNFFRmzYa69a4WRWj+4uFG022KTgYQvobx2Ws5xz2D4GxgvvrDDfNMF\n"
    "c9Gpmf+5WyuBp1Q3WxqrwKWu6E7DH1xIhj2hSBQTfkBGGuPJSJgxTlQDF0znL4ev\n"
    "DWZPDz6v2ZuTYhFILgd0qmKgtN1L04nc4Er7zGIeWzNhorcFZ9OYMiW33HL94I+W\n"
    "z0saEZttTc6opJKnOOU272DDfoO/yuZMZ6ACO4kKckz/TJbHEagoJ038WEd0qnpQ\n"
    "PV2ClHLk83RIEh4D434bx+lOHhdvXgQ16+V3dNDmDnH3/5CDUMut9y45CSfYwOiR\n"
    "pYXhVJt3Yz3XOoEf4Uw05UdXxraPkegzYnbh4GtQWjqUr2GqbtMo6HMR40Y9zEMx\n"
    "cOiL4dH0QZ9qMeGBbtBPBu1zHfpXAqFJAWCkbBln7TucuFelD4VdIwEGfEPKlxGn\n"
    "FHEOPYQJv0w2KbrRHVv5Qri5xmZIrZ0Vt1RUaMeJXrsbKLoo261QHksPgk9MUKco\n"
    "wbDniKGQkrUFLxNbRjrRg3SW1NAGmbs50BUBXC4ecaxAYSk4r1HcPDT0wdo20jgV\n"
    "dAEpW16aDVv5jDKJhAMw5vxqWPRBExTjVzH3AwCONw8r55AxdeR+JjNGHu2vU3lX\n"
    "fQif2Ebj2DA06vXGkecB7JfHU6IWyBjGkzKJA8mA2D6JrELSuDCLCpOJDOgGQcGU\n"
    "+SMHFVXXT5qfaLVcatz+2ggpjyGbUGDpIfaWUirzDTBcEtHDEhnI4+1hCFcv2spF\n"
    "ohAEjrW8vBBPBFjmXQfQLbzAiA+cKrMA14PyJ1vHmqGzN0Kx0nBCjG8QsaTEwDcN\n"
    "pnbM08eIi/881sTIN2vXVjzPSn4NNAk50+/JOOoTvRWlrfzspIP/MFTQg91ncg0k\n"
    "4DfhECb/tbiNv/nA25a9O/doywvWlXeFuLRmnP2fFXi5YAbFV/kI71XOC0TTd1FS\n"
    "VXSLYVT5dhc8LkTq0CQ8USKw809TsavyS79fVXE8/O6N84k+W19Z4P96+QVhBZTC\n"
    "MyqEKz5uIpjmF5zbBjo+XN7BieUZra/b+73XbIdl5kV8Ipyt6IDSM9zgxwD35X5P\n"
    "ynFlLmS8B0nSEU5UBW1GpGt44iRg/TSxH42iUte2O1vjtzEMqaRtcVwe5zZ0lAZl\n"
    "BoLm/7o1L7O7Fl2k2EVDl4r466P3fxfN5mhtpA0Wiz0+\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

inline constexpr char kRsaEncryptedPkcs1[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "Proc-Type: 4,ENCRYPTED\n"
    "DEK-Info: AES-128-CBC,0FB4657F6AD1E0E06FE12BAA3B7C97C5\n"
    "\n"
    "tCKwI2lNNrhJDnIiGxBhhICuogjl/70nIQj9mIUj5tAw57DQkGaHtkz0uK4v2IZw\n"
    "6FiCTLGOwlQ7aFZKVshMSY5rHVhwRuYSKbphcsx0aMgnGYh2AwpdV6H2lAA+5aPL\n"
    "Es/5sBHf5RHpe/UQA1BF+Pjlig72P+B7M9f3TJ3JZATcuMdWHl23LkG/PyQRP7c6\n"
    "m1iJAKWtjtiOw84M8Gf14ZPpK4XhpHVPOE8vTbsTTOX3HvwPrNv2hBOajm8EUmy8\n"
    "G024diL7Gh3fuckOus/LZ7wbJ3tEhfn73IZAwA/SYIxYEDh6U5CSWeA3tVQcjf/A\n"
    "dUmTkDLMmuJ1zHpiDsfl790TNFbTgZWh+p6J0RVqQjquR8gU4IsqOlhbAOVeZknj\n"
    "OKS2vJ/7HPrbqs/kuZcJPNVWhM7jCmcFBrbiFDySlFfyTpuXZI+B8NIb3BCi5wo+\n"
    "fpFmpQhOFrkiixLHzA9Bc6WFAqefktq4BBjVMAK7IUA/0AkR5dImHVtxUu+yIw5T\n"
    "U4oX+R11TIJLRz/TNXHEceyEQkfUwvK1FNpweZ3k0ceniasH6vWqaKuK5pnr+rl1\n"
    "/EG4/1VBrB0u2Rvc4Wm42ZOzaTDa7oVdu5YB9so0Xg0BM+aIRXQkhXIuSWsWJCWi\n"
    "qB73koK0l9miZDiPI2P838MFWb9J4PZ8ihtg1CZJEWYQ0zN9pw5NWD0EmtC4S5vx\n"
    "EK+dWJglNJTsuH8QdF0SH1kogo5W1/vP7PIY/tHeTbv1dRt90c0RltYTezj8WIOE\n"
    "E7MCG9AFvLfril84UOqudA9k6y+jLgvAQv7tX7iYfs7heM8NEjFyf82xWr8fPGQ2\n"
    "FfUTVtqis28Y70yJ1DjXNyl39BeyfwO56wmNip9NVF/8ddZn9Eq7GoRcTXqyQAc+\n"
    "xIV6M7Muk19CjWgu5M+FIvEv26HVNV+HM2aNgOFNhT3v9XZPO7Tk3wH/+q2oTDqK\n"
    "5ZHqyWrVVtlcTWhd6m16d9Aq36USQvNzksGbzEbmmshzRiGFsL454+OKemj1+GWV\n"
    "cIiqWeG7i6GQh0EWYyo0O5Zf8A7J5woqrRkQXEz6oaLd7kW2zg2ted6UiG7hFaWP\n"
    "oHmYnEAE5YNEICrmHlJJ643M7czEqDK2Yb2EaLO6/SJuP8n2Pa+lAF/wXX49vdc1\n"
    "dout3H0jJx+vN75QdpYWwfAUGieP+hN5ktBMDWnAxh7RBZCL7FU7dCr/bQ4PQPtN\n"
    "PhFx5ik1l2RDzFL7TYnqasl1GVQbf+DpD7CwAFxqnJxw2dh8lURf9BxUBxCwab+9\n"
    "oXG6Hxl8WCTKz1PJjKQgvSt0wC0MhJpOXNSCaRQkpYH+Bs9EJsdZR+/52zEdStpk\n"
    "U0GXGWotVSwsCzYse5UISVYfYSAvN7O11AGY8paVtQr4j/X/cVf54F338rhdr5dy\n"
    "bZr/lzJQFTh0Ew8fsSmVYmYFJfWTPHC/w8e6kXcCEtAS3RU8SiLH9qTCfSQTiZhp\n"
    "G7dOW24wbZgkLVS/yQxU8VhpR3kg9/1BZablU10c+k+vZfaUYJ2ksMlhLqMFu3wp\n"
    "pgkVz+MgYP/ZlLm888OBmGe3k7yMf6KyQgQDw36z3n00EsPINWeZzEO+Pe/BjLaY\n"
    "-----END RSA PRIVATE KEY-----\n";

inline constexpr char kRsaPublic[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoVOc/YT3CufT9PKw0VLi\n"
    "hMZNfKGB/u4NdRXM5Q1mCfl+AFjhYjal5jv9Q8CPvGnIuJzBEXnlY8wY9xQmw8up\n"
    "fqKz/UOrwVex9F/bVAhrfLibNOtt0hzhxqq50MRJORts1BccImZmdtdstptJUhwf\n"
    "5ynDKG3/t3qdHVIslkUynC9knx5gc8Jho0v6us1JrsdSx6lme8zEYaZpjFXu0QgZ\n"
    "LKLz/ocdFHNJ+9HUNBi/n3OCMSrF3HsyMq5miQTcjFrdXb2Kf9ITbg3nPqJxVcW5\n"
    "BM0hKMSMaKdT0M2p8GGFwLPh0IqnQK5oyjRN60KnYOu7bKvsJXmasj9/kDyv4NbW\n"
    "fQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kRsaPublicPkcs1[] =
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIIBCgKCAQEAoVOc/YT3CufT9PKw0VLihMZNfKGB/u4NdRXM5Q1mCfl+AFjhYjal\n"
    "5jv9Q8CPvGnIuJzBEXnlY8wY9xQmw8upfqKz/UOrwVex9F/bVAhrfLibNOtt0hzh\n"
    "xqq50MRJORts1BccImZmdtdstptJUhwf5ynDKG3/t3qdHVIslkUynC9knx5gc8Jh\n"
    "o0v6us1JrsdSx6lme8zEYaZpjFXu0QgZLKLz/ocdFHNJ+9HUNBi/n3OCMSrF3Hsy\n"
    "Mq5miQTcjFrdXb2Kf9ITbg3nPqJxVcW5BM0hKMSMaKdT0M2p8GGFwLPh0IqnQK5o\n"
    "yjRN60KnYOu7bKvsJXmasj9/kDyv4NbWfQIDAQAB\n"
    "-----END RSA PUBLIC KEY-----\n";

inline constexpr char kRsaPkcs1Md5[] =
    "b2Bf5edTlPmMiCQTUvdhgXUsVuea+CZ6H0mCMZ+qHgHufUqcWGltLMgNvR9KQwF1MfAaxMupFuknl8Pvsw02CtTw"
    "GVYrdjh+pt5Xk14wtTReOLb1Rxv0jJ8kIr01IZpwzJu19u1MfwqSiRudvQivdLQ8f/MjUDnBgMW1WAAMbVDRaeZ9"
    "rpudC4az+RYtcVOFlG02xNIvn9Fnyf/qOYLaKYAFp1wY/cst7JmzucxyMiqvnZtygEmQ4HulAtPRsjyiqb/Sj55r"
    "iSxT58sFfhEYOfD6DipbbYS4kbTrcCdyIitL+fMo1r6WbaTj2xfhHTWeTkq+xzU3bb7jt+uoS6eayw==";

inline constexpr char kRsaPkcs1Sha1[] =
    "ZutAd8K9GMSfgj2MH54R0x7E/wer3Dm6GTxuQaGNNjxt5RCFbTclZcLFtUMMi/sohHvwSNkT5qTE3f7PGOt7+Vf6"
    "dLdNRKX2+YAwsnCirw8lF6PseyUcqpnwlpQ6H3vEXCqMwSTcxEckxgMxmeGC+lG0xVFT3ws9LsHNb23zxZJMcgmh"
    "Ocj6aGcn4xeN5UCxqS6kubIa1uSChsrJJjS/LIu7e0FWWtnSHft66UdSk68q1oTtngHX2TKceNMJjP5vMmYUeIhO"
    "ZJslZT0TfUGiEGAmxuMjQLSPIb5Q2aJgyWWkEkdU/mRALIhehgfUmxIW8wgnqrgvXaVfgdAI2OGQcw==";

inline constexpr char kRsaPkcs1Sha256[] =
    "Nucsv5ALKScSqEvLCgG0unMFkNX2jpZ5X5JTcaCQD60mICi6ucvJ3unsfEv/5LFt/gYDr8aTY0kMHHUl4uW9PmpZ"
    "Fl+xE4WK9A/rUhJnv575FDHD4F37soCETtexIxO6FL1PCk2PZXbsOocQu00hP3ZLfAKpbk26AgOez7zWMATRl7z0"
    "KVWdTcMIvU84sFHrEZBOSWKuwYbnujknhtzIKXw2kL44jt61uPiDL0OIMi5e1fcoeNHQHuWok1yi8/bscK55jRSm"
    "uPJguAuXKMN6ijXyZ8zAvr9+wKytoPubcpyOotkty6SpgPUseBZnbYlF/1U/dDpqE8Y8VquEpqg0aw==";

inline constexpr char kRsaPkcs1Sha384[] =
    "I+5I7HQ7Vdvkv3DYxqnE56APLNrCuIuNN/Rfbzv1c0RdyknMZ6Em/e6njarad6vFVJFQW2eokQ5jllhTHo1LkdOE"
    "0M5N1B8PA6nkmHCQ5zjB24/3ayCcT3gZKIbK9wAzlZRh/TPZrzkuhAdAf0R0RzEo9lk6q2VrbalkPsj3XX43jtYU"
    "UmlKFk1xYj09cfE1af1hoUw79jrm81eKjc6o+LYlq/OCzvC35uwwUk9EkezsuR/HmJtyXlUaV4OqlGhbvd8Uaerl"
    "tfdNwjQYSUrAdMqF6c2K0bfYdOvNdWsdS2XLcWDnvk+OnVQiOuTUW5FNw+GIMKomkLQf1y0x2yEhaw==";

inline constexpr char kRsaPkcs1Sha512[] =
    "SeYCVBMTayqX9AkAnMsbyhQxjYB/AU+wS6G99XXaOiQUT6YcO2/b2nrpXXBVk26BpXnnK+LOLCli8Dsd9uQLaMHA"
    "3CD78zH3u0ZlR1iHIIj911zwmsyYuRabEeOmSlzJ3ZYor8FD6Oz9TpqqxwIqcna0md/cwtmukCCFdO7hD/Go8HLE"
    "zElK8mT/pBpHaPTvlmfE9L2CGE39dlRcAS/AcN2rCPhweazERNJCn7E1nV2HwoqBuzOnXLaxDFezw3AzBJ1zK/yk"
    "9We4mzrv85DX5VI7VE9IFzgnUFaILKT4Opt3Pi2lR4O013hhMEC0FFJJN6HYRo1tJEK3K0c/ZubKYA==";

inline constexpr char kOddPrivate[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQFd1igd96n0Xy7r\n"
    "s6U9ON/RDfVpSARhmRcckjnWPY5AbUvZliwDdq+vftFApOSTxHOSUpoks4Eh1mOi\n"
    "torlBjxXg4dw3b99Mg4fj0hWcQdRQnwqkmQI7mqZAmQWgIYd0RLJTn7GDhJ8Y4wJ\n"
    "AmivcVnZwsw+dxa9joQG82mIYqL+M7S6Or7lChMUBN2AgR0gi7H/CnYuBOgEprh7\n"
    "BmVSpzmAvWb3oqPZShWd7TXOzsMO8MP3dhkh0UJF9zBVRZ9LzXOTNZZbjk4qxjVm\n"
    "UPtUmblgClil544M3N/iumKhv6+B4KknEXQA/GbbPfp0zrbvTQBQpHznpI9f3xuU\n"
    "2WzjRHo7AgMBAAECggEBAPotE2VS3oxuoSxXvRxKFuz2kYDnypJNG5UIESpfvOHg\n"
    "B3UkCnezobHb/CLBiOEPhSKnxannYLplCb2r0yozSmW/HtWdDrqmWClDmxSOIhB/\n"
    "fjInnDgy37JqXk8lPEQIZunlI43ZNGkV+2fZ/Cky43Fx+APXwEBwsYQTAG5TM4Ka\n"
    "jzO7+dx8NvDejgsxl+tNy37HdKhbjzt/uDKFdR1EqFl75W/gAFn25AfZZ8MrjphR\n"
    "C2Ejsi12k+heHEq0hE1oCuHx8GNmcHp57xzOV+Ogiy3ECB+bBSOPICP8yP+hgEKe\n"
    "38Iw+ggGdCDopmCBngWEk2LpKfUnyVMys0W94H4QADkCgYEBnGerppl/9cGe5wAT\n"
    "IqOw9mGdgH63Hfj8AlgzWfUeJAhCyRzWJlhFb0h2x1B8/4T5wl5/gs+YZGKMrfbE\n"
    "DXlSixOYj0pePvxhRQc+FKVdNkvyqKXwX8UJFU0AtLmT0EtRNOo4vwxXB5pUT4g6\n"
    "TkyIrW0DdhCdoEsW2Oqen+8evB0CgYEA2SkkodDmeqe3VxegiV1gf9f8oZxQ2xZn\n"
    "6kLYmJaZ3E6nLwVm7dofbmbTJQ+hWxRJrH/3rYu9updrYS5zPfdFpOGUgTDMfmjo\n"
    "x0e5wjPD1G0jIa1TfpVpcVNLLBw8Jmsme87atG/NEMZ0l+dXaKKT8e0EAPHFkHmO\n"
    "Mw0n7VyVUDcCgYB1osS9wu9TJKW08rqCmPqzbOjGbF7Dd/A6ovoS4O52DL0wLL+R\n"
    "NICp25u2AumE4WN05AuvPpQTnmDOhqMpzL+U2EQeK3JyuP7t98Dnlrvd7xAKtzq3\n"
    "trZ+kvZulrjpI3LIiz8gj96LVqRSA2POTdp2za+9D8RGouSjf1k7+bNkqQKBgQCo\n"
    "6J6Mmm7a0l8Bh+gfUBkB916R2YLulgPnq2zLasBsImVZZotD0BgIiEQNHJY1wJb5\n"
    "bGOaggnl+2bTJQ0QEqgB8k/PGMTGQhVlA34R9q+IKAdeZ3F9EPv94Hqk6aVDgK5j\n"
    "OGbWV+uZ87K2gIN1aJdIYkFt9p/jmximzsHSluOwiwKBgQCA71fdACUEGBKjn1t1\n"
    "qLMb1WttH8zsA7q2/DejmTNIGns6yf+8d5Xp0ziBJoJz0AeAhLswBZqWspP5unYA\n"
    "k/07lB+x+7ulyQmRRdvIeS1s+1LEjfzfEyOc7oQFTOj+q4hoD9DyCs/2eyzjc1Dp\n"
    "K6ZwwA3CI4KmQqainek++qUQgg==\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr char kOddPublic[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEBXdYoHfep9F8u67OlPTjf\n"
    "0Q31aUgEYZkXHJI51j2OQG1L2ZYsA3avr37RQKTkk8RzklKaJLOBIdZjoraK5QY8\n"
    "V4OHcN2/fTIOH49IVnEHUUJ8KpJkCO5qmQJkFoCGHdESyU5+xg4SfGOMCQJor3FZ\n"
    "2cLMPncWvY6EBvNpiGKi/jO0ujq+5QoTFATdgIEdIIux/wp2LgToBKa4ewZlUqc5\n"
    "gL1m96Kj2UoVne01zs7DDvDD93YZIdFCRfcwVUWfS81zkzWWW45OKsY1ZlD7VJm5\n"
    "YApYpeeODNzf4rpiob+vgeCpJxF0APxm2z36dM62700AUKR856SPX98blNls40R6\n"
    "OwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kOddPss[] =
    "AKOLHHOCw7eBx55FjtIHl1HnzH/GPx4KMaRDlLp/+dfTltdzUMFKHt9s0WKcTmt7bf95Qvjxt2QYiLi0u/Xq/nU/"
    "awR8N/kE/g7mkHpeOL8FeINvKR3xbEzBSC/P8hfYx3yHUiBQLej3PhSv7GyTIcEfZws/MSAJyjw19EOByPm1GqrR"
    "WvieB1AjTIylIrpIITv1YTSKGnEq6J1rVH8j6j8r0nVfT+2kd/M1HEKXOPmsOU8BqzsixjbQbi04bDv+begWGHVm"
    "rXjOUNeUa0U4B1xgBt5rX0pqdjsC84KiWmuvBd5VSrI4jdBATWXsD97V8wqpaUyp8mrqFAxrN0f0oPk=";

inline constexpr char kShortPublic[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCotDQxBBFh90vEZeNG/bBh6RV3\n"
    "pVsvXFarhCWNEYO1XyDJ8AAUIFWGYy2ZYD6m8NcH4Z0JS8SmkC+SdYpFTWvrQI4X\n"
    "gvew2Krr2A9PQTdZrDJD1Q9y/rG/L7hYadGtCFBkD+gkS2zmrSGUFwNY4SxPaaBA\n"
    "Te7VB3mM5t05FQ3YHwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kPssOnlyPublic[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBANvcmoy1+6Q4G0Fd+fDADHrZ\n"
    "yclxDoY09pUOK8uOzoMnjSttwLqiNClTh8rARjNKbZxElJoBAGd/fpSSYwd02ZOw\n"
    "EFCdl9enR+Sws+RpVVORfZuTn2bmK867J9wuNBWnqoRcTUYyfz9A46znCkNxI9hl\n"
    "XDmGaQ+Q/ropeapZDdF7g+H+VAS+62lSgKcKCZAYqHCG3Oe0W99DzwdC2BDs1SQt\n"
    "j7CWZPI6NyDL4K5wjFmBo9nHhOE/4CKpXAs1MqH7fUSsQYNQDR7RVjxyHJoj8SZO\n"
    "B+Xcl4P6PNaXReC88yRCEebs2tcxc+en3mSsjS1WWwkLtlbDrikYJXDXSedJMnsC\n"
    "AwEAAQ==\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kP256Public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBq8mRibbF5NAiaspxpVjho7HO/3K\n"
    "He4KJyL8VrLXu9hcnG9YgvtzR/FKLwv8uVWA7OwRC9/efsDeFYry2LQx1w==\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kP256Private[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0rNQOosxytchJWpd\n"
    "16Oa5k6wcqp5glNhbM5aekdm+fahRANCAAQGryZGJtsXk0CJqynGlWOGjsc7/cod\n"
    "7gonIvxWste72Fycb1iC+3NH8UovC/y5VYDs7BEL395+wN4VivLYtDHX\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr char kP256Sec1[] =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEINKzUDqLMcrXISVqXdejmuZOsHKqeYJTYWzOWnpHZvn2oAoGCCqGSM49\n"
    "AwEHoUQDQgAEBq8mRibbF5NAiaspxpVjho7HO/3KHe4KJyL8VrLXu9hcnG9Ygvtz\n"
    "R/FKLwv8uVWA7OwRC9/efsDeFYry2LQx1w==\n"
    "-----END EC PRIVATE KEY-----\n";

inline constexpr char kP256Compressed[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADBq8mRibbF5NAiaspxpVjho7HO/3K\n"
    "He4KJyL8VrLXu9g=\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kP256Signature[] =
    "MEYCIQDopWNjsePD5E0xHk9AzJxsLlZ1LYo6ZNsHJbqjHd5Q0AIhAJIOsoTDv6fg4NWsYOlmgHgw2XuohWhsUzyT"
    "dJ1Euw3i";

inline constexpr char kP384Public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAESbvnM8tucPIDB/hu1uA+XH6Mi5N0VQBu\n"
    "pMUbgT7yy1RIjLDlwjhNirqnh0zq3P4ROBVCi1p/H2/EXaqjVkSEHgBJq2EA9MIA\n"
    "dJVuRE/r3kLeD3iuCwW4gOopsdxr5r2G\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kP384Private[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBBkOqZs2AYCMWLnEmR\n"
    "SFgzD2Lwx9gVDb0uXz5nS0fgTeiGPl+sirYYTOuBKNSid8qhZANiAARJu+czy25w\n"
    "8gMH+G7W4D5cfoyLk3RVAG6kxRuBPvLLVEiMsOXCOE2KuqeHTOrc/hE4FUKLWn8f\n"
    "b8RdqqNWRIQeAEmrYQD0wgB0lW5ET+veQt4PeK4LBbiA6imx3GvmvYY=\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr char kP384Sec1[] =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MIGkAgEBBDBBkOqZs2AYCMWLnEmRSFgzD2Lwx9gVDb0uXz5nS0fgTeiGPl+sirYY\n"
    "TOuBKNSid8qgBwYFK4EEACKhZANiAARJu+czy25w8gMH+G7W4D5cfoyLk3RVAG6k\n"
    "xRuBPvLLVEiMsOXCOE2KuqeHTOrc/hE4FUKLWn8fb8RdqqNWRIQeAEmrYQD0wgB0\n"
    "lW5ET+veQt4PeK4LBbiA6imx3GvmvYY=\n"
    "-----END EC PRIVATE KEY-----\n";

inline constexpr char kP384Compressed[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MEYwEAYHKoZIzj0CAQYFK4EEACIDMgACSbvnM8tucPIDB/hu1uA+XH6Mi5N0VQBu\n"
    "pMUbgT7yy1RIjLDlwjhNirqnh0zq3P4R\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kP384Signature[] =
    "MGYCMQDxD0sYsG+6Xzlnm5BXSP/nvNBv5WncQpKj60iDfH0dV1/ERwDFc5uh7PnWJ21UbUsCMQCFkXCGOCHkM2Bh"
    "b60Zv+i6oaf+v+eLZfA7fEuDTbuFlTu2b3Covvt4vCK8Sjfoy9k=";

inline constexpr char kP521Public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQA5hXjNIPcALpM0nzHA1JU7pkZ6e3i\n"
    "0a4YzSwU3B9hdfl3zGm3XnubvMy2ZwKGPZase0zKh7XczGBYst0OqWAVtPUBZreU\n"
    "Sf+9b7jJYgh8F5MkkUIMyR3cXuTlFByTH0wJHHKp8wb4H4hvcCao/texxSDh4noF\n"
    "QbhBKideq17WBcxaT6Y=\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kEd25519Private[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIBuYZ/EHXpuPaGWa+euIXdW0eMV3uZZGkwlhFPjhJWTq\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr char kEd25519Public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAs0O2zMDpeS0isFYUCf18uqDwwR9BQRxURMgeGRRdcc8=\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr char kEd25519Signature[] =
    "ejqNAy1vpitCmakb++LX+qTmjrAgPBkPGDv3h94ZEAX4J+vNTDhUza2Sh8xffXA932HpxdbIT75AGnLnLVtzAQ==";

}  // namespace sluice::crypto::vectors
